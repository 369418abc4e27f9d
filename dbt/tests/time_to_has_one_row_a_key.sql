select measure, month, department_id
from {{ ref('ashby__time_to') }}
group by measure, month, department_id
having count(*) > 1
