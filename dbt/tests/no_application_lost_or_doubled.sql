select staged.application_id
from {{ ref('stg_ashby__applications') }} as staged
full outer join {{ ref('ashby__applications') }} as mart on staged.application_id = mart.application_id
where staged.application_id is null or mart.application_id is null
union all
select max(mart.application_id)
from {{ ref('ashby__applications') }} as mart
having count(*) <> (select count(*) from {{ ref('stg_ashby__applications') }})
