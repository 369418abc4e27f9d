{# Completed considerations that stood in each group of stages, and how many of them got further. #}
with reached as (
    select
        history.application_id,
        history.stage_group,
        history.stage_group_order,
        max(history.stage_type) as stage_type
    from {{ ref('ashby__stage_history') }} as history
    where not history.is_accidental and history.stage_type <> 'Archived'
    group by history.application_id, history.stage_group, history.stage_group_order
),

passed as (
    select
        *,
        max(stage_group_order) over (partition by application_id) > stage_group_order as got_further
    from reached
)

select
    cast({{ dbt.date_trunc('week', 'applications.considered_until') }} as date) as week,
    applications.job_id,
    applications.department_id,
    applications.source_id,
    passed.stage_group,
    passed.stage_group_order,
    max(passed.stage_type) as stage_type,
    max(applications.job_title) as job_title,
    max(applications.department) as department,
    max(applications.source) as source,
    count(*) as entered,
    sum(case when passed.got_further then 1 else 0 end) as passed
from passed
inner join {{ ref('ashby__applications') }} as applications on passed.application_id = applications.application_id
where applications.is_completed
group by 1, 2, 3, 4, 5, 6
