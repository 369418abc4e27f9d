{# One row for each completed span that people average: to hire, to offer, to fill. #}
select
    'time to hire' as measure,
    application_id as subject_id,
    considered_since as started_at,
    hired_at as ended_at,
    {{ ashby.days_between('considered_since', 'hired_at') }} as days,
    job_id,
    department_id,
    source_id
from {{ ref('ashby__applications') }}
where status = 'Hired' and hired_at is not null
union all
select
    'time to offer' as measure,
    application_id as subject_id,
    created_at as started_at,
    offer_stage_at as ended_at,
    {{ ashby.days_between('created_at', 'offer_stage_at') }} as days,
    job_id,
    department_id,
    source_id
from {{ ref('ashby__applications') }}
where offer_stage_at is not null
union all
select
    'time to fill' as measure,
    headcount.opening_id as subject_id,
    headcount.opened_at as started_at,
    headcount.closed_at as ended_at,
    headcount.days_open as days,
    headcount.job_id,
    headcount.department_id,
    cast(null as {{ dbt.type_string() }}) as source_id
from {{ ref('ashby__headcount') }} as headcount
where headcount.state = 'Filled' and headcount.days_open is not null
