{# From the first stay's begin to the last end, nothing is counted twice and nothing is left out. #}
select application_id
from {{ ref('ashby__stage_history') }}
group by application_id
having abs(
    sum(coalesce(days_in_stage, 0))
    - {{ dbt.datediff('min(valid_from)', 'max(coalesce(valid_until, valid_from))', 'second') }} / 86400.0
) > 0.001
