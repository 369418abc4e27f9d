{# One row a member of hiring teams and role: what is on the desk now, and what came of it. #}
with members as (
    select distinct
        applications.application_id,
        {{ ashby.json_text('ashby_item', ['userId']) }} as user_id,
        {{ ashby.json_text('ashby_item', ['role']) }} as team_role
    from {{ ref('stg_ashby__applications') }} as applications
    {{ ashby.each_item('applications.hiring_team') }}
)

select
    members.user_id,
    members.team_role,
    max(users.first_name) as first_name,
    max(users.last_name) as last_name,
    count(*) as applications,
    count(distinct applications.job_id) as jobs,
    sum(case when applications.status in ('Active', 'Lead') then 1 else 0 end) as open_applications,
    sum(case when applications.status = 'Hired' then 1 else 0 end) as hires
from members
inner join {{ ref('ashby__applications') }} as applications on members.application_id = applications.application_id
left join {{ ref('stg_ashby__users') }} as users on members.user_id = users.user_id
group by members.user_id, members.team_role
