select source_id
from {{ ref('ashby__sources') }}
group by source_id
having count(*) > 1
