{# Median and percentiles of completed spans, by month of their end and department. #}
select
    durations.measure,
    cast({{ dbt.date_trunc('month', 'durations.ended_at') }} as date) as month,
    durations.department_id,
    max(departments.name) as department,
    count(*) as completed,
    {{ ashby.percentile('durations.days', 0.5) }} as median_days,
    {{ ashby.percentile('durations.days', 0.9) }} as p90_days
from {{ ref('ashby__durations') }} as durations
left join {{ ref('stg_ashby__departments') }} as departments on durations.department_id = departments.department_id
group by 1, 2, 3
