select 1 as wrong
from (select sum(applications) as counted from {{ ref('ashby__sources') }}) as sources
cross join (select count(*) as applications from {{ ref('ashby__applications') }}) as applications
where coalesce(counted, 0) <> applications
