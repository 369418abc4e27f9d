{# One row an application, with what people ask about it. #}
with milestones as (
    select
        application_id,
        count(*) as stays,
        min(case when stage_type = 'Active' then valid_from end) as interviewing_since,
        min(case when stage_type = 'Offer' then valid_from end) as offer_stage_at,
        max(case when stage_type = 'Hired' and is_current then valid_from end) as hired_at,
        max(case when is_reopening then valid_from end) as last_reopened_at,
        max(case when is_plan_switch then 1 else 0 end) as plan_switches,
        max(case when stage_type not in ('Archived', 'Hired') then stage_group_order end) as furthest_order
    from {{ ref('ashby__stage_history') }}
    where not is_accidental
    group by application_id
),

furthest as (
    select
        history.application_id,
        max(history.stage_group) as furthest_stage_group
    from {{ ref('ashby__stage_history') }} as history
    inner join milestones
        on history.application_id = milestones.application_id
        and history.stage_group_order = milestones.furthest_order
    where not history.is_accidental
    group by history.application_id
),

links as (
    select source_id, count(*) as tracking_links
    from {{ ref('stg_ashby__source_tracking_links') }}
    group by source_id
),

offers as (
    select
        application_id,
        count(*) as offers,
        max(case when acceptance_status = 'Accepted' then decided_at end) as offer_accepted_at
    from {{ ref('stg_ashby__offers') }}
    group by application_id
)

select
    applications.application_id,
    applications.candidate_id,
    applications.status,
    applications.status in ('Hired', 'Archived') as is_completed,
    applications.created_at,
    applications.updated_at,
    applications.archived_at,
    milestones.hired_at,
    milestones.interviewing_since,
    milestones.offer_stage_at,
    offers.offer_accepted_at,
    milestones.last_reopened_at,
    coalesce(milestones.last_reopened_at, applications.created_at) as considered_since,
    coalesce(milestones.hired_at, applications.archived_at) as considered_until,
    {{ ashby.days_between('coalesce(milestones.last_reopened_at, applications.created_at)', 'coalesce(milestones.hired_at, applications.archived_at)') }} as days_in_process,
    milestones.last_reopened_at is not null as was_reopened,
    coalesce(milestones.plan_switches, 0) = 1 as switched_plan,
    furthest.furthest_stage_group,
    stages.stage_title as current_stage,
    stages.stage_type as current_stage_type,
    applications.job_id,
    jobs.title as job_title,
    jobs.department_id,
    departments.name as department,
    applications.source_id,
    sources.title as source,
    sources.source_type,
    coalesce(links.tracking_links, 0) as tracking_links_of_source,
    applications.job_posting_id,
    applications.archive_reason,
    applications.archive_reason_type,
    applications.credited_to_user_id,
    coalesce(offers.offers, 0) as offers
from {{ ref('stg_ashby__applications') }} as applications
left join milestones on applications.application_id = milestones.application_id
left join furthest on applications.application_id = furthest.application_id
left join links on applications.source_id = links.source_id
left join offers on applications.application_id = offers.application_id
left join {{ ref('stg_ashby__interview_stages') }} as stages on applications.current_stage_id = stages.stage_id
left join {{ ref('stg_ashby__jobs') }} as jobs on applications.job_id = jobs.job_id
left join {{ ref('stg_ashby__departments') }} as departments on jobs.department_id = departments.department_id
left join {{ ref('stg_ashby__sources') }} as sources on applications.source_id = sources.source_id
