{# Stays of applications in stages. A stay shorter than ashby_accidental_seconds, followed by another, was a slip. #}
with stays as (
    select
        history.*,
        stages.stage_type,
        stages.stage_order,
        stages.interview_plan_id,
        coalesce(stage_groups.title, stages.stage_title, history.stage_title) as stage_group,
        case stages.stage_type
            when 'Lead' then 100 when 'PreInterviewScreen' then 200 when 'Active' then 300
            when 'Offer' then 400 when 'Hired' then 500 when 'Archived' then 600
        end + coalesce(stage_groups.group_order, stages.stage_order, 0) as stage_group_order,
        case
            when history.left_at is not null then {{ ashby.days_between('history.entered_at', 'history.left_at') }}
        end as days_in_stage
    from {{ ref('stg_ashby__application_history') }} as history
    inner join {{ ref('stg_ashby__applications') }} as applications
        on history.application_id = applications.application_id
    left join {{ ref('stg_ashby__interview_stages') }} as stages on history.stage_id = stages.stage_id
    left join {{ ref('stg_ashby__interview_stage_groups') }} as stage_groups
        on stages.stage_group_id = stage_groups.stage_group_id
),

neighbours as (
    select
        *,
        lead(history_id) over (partition by application_id order by entered_at, position) as next_history_id,
        lag(interview_plan_id) over (partition by application_id order by entered_at, position) as previous_plan_id,
        lag(stage_type) over (partition by application_id order by entered_at, position) as previous_stage_type
    from stays
),

judged as (
    select
        *,
        next_history_id is not null
            and days_in_stage * 86400 < {{ var('ashby_accidental_seconds') }} as is_accidental
    from neighbours
)

select
    history_id,
    application_id,
    stage_id,
    stage_title,
    stage_type,
    stage_group,
    stage_group_order,
    interview_plan_id,
    position,
    entered_at as valid_from,
    left_at as valid_until,
    left_at is null as is_current,
    days_in_stage,
    coalesce(is_accidental, false) as is_accidental,
    coalesce(previous_plan_id <> interview_plan_id, false) as is_plan_switch,
    coalesce(previous_stage_type = 'Archived' and stage_type <> 'Archived', false) as is_reopening,
    actor_user_id
from judged
