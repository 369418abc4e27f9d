select event_id, user_id
from {{ ref('ashby__interviews') }}
group by event_id, user_id
having count(*) > 1
