{# One row an opening: what is planned, by when, and whether it came true. #}
select
    openings.opening_id,
    openings.identifier,
    openings.state,
    openings.is_backfill,
    openings.employment_type,
    openings.opened_at,
    openings.closed_at,
    {{ ashby.days_between('openings.opened_at', 'openings.closed_at') }} as days_open,
    openings.target_hire_date,
    openings.target_start_date,
    case
        when openings.state = 'Filled' then cast(openings.closed_at as date) <= openings.target_hire_date
    end as filled_on_time,
    openings.is_archived,
    openings.job_id,
    jobs.title as job_title,
    jobs.department_id,
    departments.name as department
from {{ ref('stg_ashby__openings') }} as openings
left join {{ ref('stg_ashby__jobs') }} as jobs on openings.job_id = jobs.job_id
left join {{ ref('stg_ashby__departments') }} as departments on jobs.department_id = departments.department_id
