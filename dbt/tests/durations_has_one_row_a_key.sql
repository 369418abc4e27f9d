select measure, subject_id
from {{ ref('ashby__durations') }}
group by measure, subject_id
having count(*) > 1
