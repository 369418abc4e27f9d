select week, job_id, source_id, stage_group
from {{ ref('ashby__funnel') }}
group by week, job_id, source_id, stage_group
having count(*) > 1
