select user_id, team_role
from {{ ref('ashby__recruiter_workload') }}
group by user_id, team_role
having count(*) > 1
