{# One row an interviewer of an interview that was scheduled, with the scorecard that came of it. #}
with interviewers as (
    select
        events.event_id,
        events.schedule_id,
        events.interview_id,
        events.starts_at,
        events.ends_at,
        {{ ashby.json_text('ashby_item', ['id']) }} as user_id,
        {{ ashby.json_text('ashby_item', ['trainingRole']) }} as training_role,
        cast({{ ashby.json_text('ashby_item', ['isFeedbackRequired']) }} as {{ dbt.type_boolean() }}) as is_feedback_required
    from {{ ref('stg_ashby__interview_events') }} as events
    {{ ashby.each_item('events.interviewers') }}
),

scorecards as (
    select event_id, submitted_by_user_id, min(submitted_at) as submitted_at
    from {{ ref('stg_ashby__application_feedback') }}
    where event_id is not null
    group by event_id, submitted_by_user_id
)

select
    interviewers.event_id,
    interviewers.user_id,
    users.first_name,
    users.last_name,
    interviewers.training_role,
    interviewers.is_feedback_required,
    interviewers.interview_id,
    interviewers.schedule_id,
    schedules.status as schedule_status,
    schedules.application_id,
    applications.job_id,
    applications.department_id,
    interviewers.starts_at,
    interviewers.ends_at,
    {{ dbt.datediff('interviewers.starts_at', 'interviewers.ends_at', 'second') }} / 3600.0 as hours,
    scorecards.submitted_at as scorecard_at,
    {{ dbt.datediff('interviewers.ends_at', 'scorecards.submitted_at', 'second') }} / 3600.0 as hours_to_scorecard,
    coalesce(
        {{ dbt.datediff('interviewers.ends_at', 'scorecards.submitted_at', 'second') }}
        > {{ var('ashby_late_scorecard_hours') }} * 3600,
        false
    ) as is_scorecard_late
from interviewers
inner join {{ ref('stg_ashby__interview_schedules') }} as schedules
    on interviewers.schedule_id = schedules.schedule_id
inner join {{ ref('ashby__applications') }} as applications on schedules.application_id = applications.application_id
left join {{ ref('stg_ashby__users') }} as users on interviewers.user_id = users.user_id
left join scorecards
    on interviewers.event_id = scorecards.event_id and interviewers.user_id = scorecards.submitted_by_user_id
