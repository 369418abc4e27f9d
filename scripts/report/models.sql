-- Made from dbt/ by WRITE_MODELS=1 npm run test:models; do not edit.

create or replace view stg_ashby__application_history as
with newest as (
    select
        *,
        row_number() over (
            partition by "id"
            order by "_ab_cdc_updated_at" desc nulls last
        ) as ashby_newest
    from "application_history"
)
select
    cast("id" as TEXT) as history_id,
    cast("applicationId" as TEXT) as application_id,
    cast("stageId" as TEXT) as stage_id,
    cast("title" as TEXT) as stage_title,
    ("enteredStageAt" at time zone 'UTC') as entered_at,
    ("leftStageAt" at time zone 'UTC') as left_at,
    cast("stageNumber" as integer) as position,
    cast("actorId" as TEXT) as actor_user_id
from newest
where 1 = 1 and ashby_newest = 1;

create or replace view stg_ashby__applications as
with newest as (
    select
        *,
        row_number() over (
            partition by "id"
            order by "_ab_cdc_updated_at" desc nulls last
        ) as ashby_newest
    from "applications"
)
select
    cast("id" as TEXT) as application_id,
    json_extract_string(cast("candidate" as json), '$.id') as candidate_id,
    json_extract_string(cast("job" as json), '$.id') as job_id,
    cast("status" as TEXT) as status,
    ("createdAt" at time zone 'UTC') as created_at,
    ("updatedAt" at time zone 'UTC') as updated_at,
    ("archivedAt" at time zone 'UTC') as archived_at,
    json_extract_string(cast("currentInterviewStage" as json), '$.id') as current_stage_id,
    json_extract_string(cast("source" as json), '$.id') as source_id,
    json_extract_string(cast("archiveReason" as json), '$.id') as archive_reason_id,
    json_extract_string(cast("archiveReason" as json), '$.text') as archive_reason,
    json_extract_string(cast("archiveReason" as json), '$.reasonType') as archive_reason_type,
    json_extract_string(cast("creditedToUser" as json), '$.id') as credited_to_user_id,
    cast("appliedViaJobPostingId" as TEXT) as job_posting_id,
    cast("hiringTeam" as json) as hiring_team
from newest
where 1 = 1 and ashby_newest = 1 and "_ab_cdc_deleted_at" is null;

create or replace view stg_ashby__interview_stage_groups as
with newest as (
    select
        *
    from "interview_stage_groups"
)
select
    cast("id" as TEXT) as stage_group_id,
    cast("title" as TEXT) as title,
    cast("order" as integer) as group_order,
    cast("stageType" as TEXT) as stage_type
from newest
where 1 = 1;

create or replace view stg_ashby__interview_stages as
with newest as (
    select
        *,
        row_number() over (
            partition by "id"
            order by "_ab_cdc_updated_at" desc nulls last
        ) as ashby_newest
    from "interview_stages"
)
select
    cast("id" as TEXT) as stage_id,
    cast("title" as TEXT) as stage_title,
    cast("type" as TEXT) as stage_type,
    cast("orderInInterviewPlan" as integer) as stage_order,
    cast("interviewStageGroupId" as TEXT) as stage_group_id,
    cast("interviewPlanId" as TEXT) as interview_plan_id
from newest
where 1 = 1 and ashby_newest = 1;

create or replace table ashby__stage_history as
with stays as (
    select
        history.*,
        stages.stage_type,
        stages.stage_order,
        stages.interview_plan_id,
        coalesce(stage_groups.title, stages.stage_title, history.stage_title) as stage_group,
        case stages.stage_type
            when 'Lead' then 100 when 'PreInterviewScreen' then 200 when 'Active' then 300
            when 'Offer' then 400 when 'Hired' then 500 when 'Archived' then 600
        end + coalesce(stage_groups.group_order, stages.stage_order, 0) as stage_group_order,
        case
            when history.left_at is not null then (
        (date_diff('second', history.entered_at::timestamp, history.left_at::timestamp ))
     / 86400.0)
        end as days_in_stage
    from "stg_ashby__application_history" as history
    inner join "stg_ashby__applications" as applications
        on history.application_id = applications.application_id
    left join "stg_ashby__interview_stages" as stages on history.stage_id = stages.stage_id
    left join "stg_ashby__interview_stage_groups" as stage_groups
        on stages.stage_group_id = stage_groups.stage_group_id
),

neighbours as (
    select
        *,
        lead(history_id) over (partition by application_id order by entered_at, position) as next_history_id,
        lag(interview_plan_id) over (partition by application_id order by entered_at, position) as previous_plan_id,
        lag(stage_type) over (partition by application_id order by entered_at, position) as previous_stage_type
    from stays
),

judged as (
    select
        *,
        next_history_id is not null
            and days_in_stage * 86400 < 60 as is_accidental
    from neighbours
)

select
    history_id,
    application_id,
    stage_id,
    stage_title,
    stage_type,
    stage_group,
    stage_group_order,
    interview_plan_id,
    position,
    entered_at as valid_from,
    left_at as valid_until,
    left_at is null as is_current,
    days_in_stage,
    coalesce(is_accidental, false) as is_accidental,
    coalesce(previous_plan_id <> interview_plan_id, false) as is_plan_switch,
    coalesce(previous_stage_type = 'Archived' and stage_type <> 'Archived', false) as is_reopening,
    actor_user_id
from judged;

create or replace view stg_ashby__departments as
with newest as (
    select
        *,
        row_number() over (
            partition by "id"
            order by "_ab_cdc_updated_at" desc nulls last
        ) as ashby_newest
    from "departments"
)
select
    cast("id" as TEXT) as department_id,
    cast("name" as TEXT) as name,
    cast("parentId" as TEXT) as parent_id
from newest
where 1 = 1 and ashby_newest = 1 and "_ab_cdc_deleted_at" is null;

create or replace view stg_ashby__jobs as
with newest as (
    select
        *,
        row_number() over (
            partition by "id"
            order by "_ab_cdc_updated_at" desc nulls last
        ) as ashby_newest
    from "jobs"
)
select
    cast("id" as TEXT) as job_id,
    cast("title" as TEXT) as title,
    cast("status" as TEXT) as status,
    cast("departmentId" as TEXT) as department_id,
    cast("locationId" as TEXT) as location_id,
    cast("employmentType" as TEXT) as employment_type,
    ("openedAt" at time zone 'UTC') as opened_at,
    ("closedAt" at time zone 'UTC') as closed_at,
    ("createdAt" at time zone 'UTC') as created_at
from newest
where 1 = 1 and ashby_newest = 1 and "_ab_cdc_deleted_at" is null;

create or replace view stg_ashby__offers as
with newest as (
    select
        *,
        row_number() over (
            partition by "id"
            order by "_ab_cdc_updated_at" desc nulls last
        ) as ashby_newest
    from "offers"
)
select
    cast("id" as TEXT) as offer_id,
    cast("applicationId" as TEXT) as application_id,
    cast("acceptanceStatus" as TEXT) as acceptance_status,
    cast("offerStatus" as TEXT) as offer_status,
    ("decidedAt" at time zone 'UTC') as decided_at,
    json_extract_string(cast("latestVersion" as json), '$.id') as latest_version_id,
    cast(json_extract_string(cast("latestVersion" as json), '$.createdAt') as timestamp) as latest_version_at,
    cast(json_extract_string(cast("latestVersion" as json), '$.startDate') as date) as start_date,
    json_extract_string(cast("latestVersion" as json), '$.openingId') as opening_id,
    json_extract_string(cast("latestVersion" as json), '$.approvalStatus') as approval_status
from newest
where 1 = 1 and ashby_newest = 1 and "_ab_cdc_deleted_at" is null;

create or replace view stg_ashby__source_tracking_links as
with newest as (
    select
        *
    from "source_tracking_links"
)
select
    cast("id" as TEXT) as link_id,
    cast("sourceId" as TEXT) as source_id,
    cast("code" as TEXT) as code,
    cast("enabled" as boolean) as is_enabled
from newest
where 1 = 1;

create or replace view stg_ashby__sources as
with newest as (
    select
        *
    from "sources"
)
select
    cast("id" as TEXT) as source_id,
    cast("title" as TEXT) as title,
    json_extract_string(cast("sourceType" as json), '$.title') as source_type,
    cast("isArchived" as boolean) as is_archived
from newest
where 1 = 1;

create or replace table ashby__applications as
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
    from "ashby__stage_history"
    where not is_accidental
    group by application_id
),

furthest as (
    select
        history.application_id,
        max(history.stage_group) as furthest_stage_group
    from "ashby__stage_history" as history
    inner join milestones
        on history.application_id = milestones.application_id
        and history.stage_group_order = milestones.furthest_order
    where not history.is_accidental
    group by history.application_id
),

links as (
    select source_id, count(*) as tracking_links
    from "stg_ashby__source_tracking_links"
    group by source_id
),

offers as (
    select
        application_id,
        count(*) as offers,
        max(case when acceptance_status = 'Accepted' then decided_at end) as offer_accepted_at
    from "stg_ashby__offers"
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
    (
        (date_diff('second', coalesce(milestones.last_reopened_at, applications.created_at)::timestamp, coalesce(milestones.hired_at, applications.archived_at)::timestamp ))
     / 86400.0) as days_in_process,
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
from "stg_ashby__applications" as applications
left join milestones on applications.application_id = milestones.application_id
left join furthest on applications.application_id = furthest.application_id
left join links on applications.source_id = links.source_id
left join offers on applications.application_id = offers.application_id
left join "stg_ashby__interview_stages" as stages on applications.current_stage_id = stages.stage_id
left join "stg_ashby__jobs" as jobs on applications.job_id = jobs.job_id
left join "stg_ashby__departments" as departments on jobs.department_id = departments.department_id
left join "stg_ashby__sources" as sources on applications.source_id = sources.source_id;

create or replace view stg_ashby__openings as
with newest as (
    select
        *,
        row_number() over (
            partition by "id"
            order by "_ab_cdc_updated_at" desc nulls last
        ) as ashby_newest
    from "openings"
)
select
    cast("id" as TEXT) as opening_id,
    json_extract_string(cast("latestVersion" as json), '$.identifier') as identifier,
    cast("openingState" as TEXT) as state,
    ("openedAt" at time zone 'UTC') as opened_at,
    ("closedAt" at time zone 'UTC') as closed_at,
    cast("isArchived" as boolean) as is_archived,
    json_extract_string(cast("latestVersion" as json), '$.teamId') as team_id,
    cast(json_extract_string(cast("latestVersion" as json), '$.targetHireDate') as date) as target_hire_date,
    cast(json_extract_string(cast("latestVersion" as json), '$.targetStartDate') as date) as target_start_date,
    cast(json_extract_string(cast("latestVersion" as json), '$.isBackfill') as boolean) as is_backfill,
    json_extract_string(cast("latestVersion" as json), '$.employmentType') as employment_type,
    cast("closeReasonId" as TEXT) as close_reason_id,
    json_extract_string(cast("latestVersion" as json), '$.jobIds[0]') as job_id
from newest
where 1 = 1 and ashby_newest = 1 and "_ab_cdc_deleted_at" is null;

create or replace table ashby__headcount as
select
    openings.opening_id,
    openings.identifier,
    openings.state,
    openings.is_backfill,
    openings.employment_type,
    openings.opened_at,
    openings.closed_at,
    (
        (date_diff('second', openings.opened_at::timestamp, openings.closed_at::timestamp ))
     / 86400.0) as days_open,
    openings.target_hire_date,
    openings.target_start_date,
    case
        when openings.state = 'Filled' then cast(openings.closed_at as date) <= openings.target_hire_date
    end as filled_on_time,
    openings.is_archived,
    openings.job_id,
    jobs.title as job_title,
    jobs.department_id,
    departments.name as department
from "stg_ashby__openings" as openings
left join "stg_ashby__jobs" as jobs on openings.job_id = jobs.job_id
left join "stg_ashby__departments" as departments on jobs.department_id = departments.department_id;

create or replace table ashby__durations as
select
    'time to hire' as measure,
    application_id as subject_id,
    considered_since as started_at,
    hired_at as ended_at,
    (
        (date_diff('second', considered_since::timestamp, hired_at::timestamp ))
     / 86400.0) as days,
    job_id,
    department_id,
    source_id
from "ashby__applications"
where status = 'Hired' and hired_at is not null
union all
select
    'time to offer' as measure,
    application_id as subject_id,
    created_at as started_at,
    offer_stage_at as ended_at,
    (
        (date_diff('second', created_at::timestamp, offer_stage_at::timestamp ))
     / 86400.0) as days,
    job_id,
    department_id,
    source_id
from "ashby__applications"
where offer_stage_at is not null
union all
select
    'time to fill' as measure,
    headcount.opening_id as subject_id,
    headcount.opened_at as started_at,
    headcount.closed_at as ended_at,
    headcount.days_open as days,
    headcount.job_id,
    headcount.department_id,
    cast(null as TEXT) as source_id
from "ashby__headcount" as headcount
where headcount.state = 'Filled' and headcount.days_open is not null;

create or replace table ashby__funnel as
with reached as (
    select
        history.application_id,
        history.stage_group,
        history.stage_group_order,
        max(history.stage_type) as stage_type
    from "ashby__stage_history" as history
    where not history.is_accidental and history.stage_type <> 'Archived'
    group by history.application_id, history.stage_group, history.stage_group_order
),

passed as (
    select
        *,
        max(stage_group_order) over (partition by application_id) > stage_group_order as got_further
    from reached
)

select
    cast(date_trunc('week', applications.considered_until) as date) as week,
    applications.job_id,
    applications.department_id,
    applications.source_id,
    passed.stage_group,
    passed.stage_group_order,
    max(passed.stage_type) as stage_type,
    max(applications.job_title) as job_title,
    max(applications.department) as department,
    max(applications.source) as source,
    count(*) as entered,
    sum(case when passed.got_further then 1 else 0 end) as passed
from passed
inner join "ashby__applications" as applications on passed.application_id = applications.application_id
where applications.is_completed
group by 1, 2, 3, 4, 5, 6;

create or replace view stg_ashby__application_feedback as
with newest as (
    select
        *,
        row_number() over (
            partition by "id"
            order by "_ab_cdc_updated_at" desc nulls last
        ) as ashby_newest
    from "application_feedback"
)
select
    cast("id" as TEXT) as feedback_id,
    cast("applicationId" as TEXT) as application_id,
    cast("interviewEventId" as TEXT) as event_id,
    json_extract_string(cast("submittedByUser" as json), '$.id') as submitted_by_user_id,
    ("submittedAt" at time zone 'UTC') as submitted_at
from newest
where 1 = 1 and ashby_newest = 1 and "_ab_cdc_deleted_at" is null;

create or replace view stg_ashby__interview_events as
with newest as (
    select
        *,
        row_number() over (
            partition by "id"
            order by "_ab_cdc_updated_at" desc nulls last
        ) as ashby_newest
    from "interview_events"
)
select
    cast("id" as TEXT) as event_id,
    cast("interviewScheduleId" as TEXT) as schedule_id,
    cast("interviewId" as TEXT) as interview_id,
    ("startTime" at time zone 'UTC') as starts_at,
    ("endTime" at time zone 'UTC') as ends_at,
    cast("interviewers" as json) as interviewers
from newest
where 1 = 1 and ashby_newest = 1 and "_ab_cdc_deleted_at" is null;

create or replace view stg_ashby__interview_schedules as
with newest as (
    select
        *,
        row_number() over (
            partition by "id"
            order by "_ab_cdc_updated_at" desc nulls last
        ) as ashby_newest
    from "interview_schedules"
)
select
    cast("id" as TEXT) as schedule_id,
    cast("applicationId" as TEXT) as application_id,
    cast("interviewStageId" as TEXT) as stage_id,
    cast("status" as TEXT) as status
from newest
where 1 = 1 and ashby_newest = 1 and "_ab_cdc_deleted_at" is null;

create or replace view stg_ashby__users as
with newest as (
    select
        *,
        row_number() over (
            partition by "id"
            order by "_ab_cdc_updated_at" desc nulls last
        ) as ashby_newest
    from "users"
)
select
    cast("id" as TEXT) as user_id,
    cast("firstName" as TEXT) as first_name,
    cast("lastName" as TEXT) as last_name,
    cast("isEnabled" as boolean) as is_enabled
from newest
where 1 = 1 and ashby_newest = 1 and "_ab_cdc_deleted_at" is null;

create or replace table ashby__interviews as
with interviewers as (
    select
        events.event_id,
        events.schedule_id,
        events.interview_id,
        events.starts_at,
        events.ends_at,
        json_extract_string(cast(ashby_item as json), '$.id') as user_id,
        json_extract_string(cast(ashby_item as json), '$.trainingRole') as training_role,
        cast(json_extract_string(cast(ashby_item as json), '$.isFeedbackRequired') as boolean) as is_feedback_required
    from "stg_ashby__interview_events" as events
    cross join unnest(json_extract(events.interviewers, '$[*]')) as items(ashby_item)
),

scorecards as (
    select event_id, submitted_by_user_id, min(submitted_at) as submitted_at
    from "stg_ashby__application_feedback"
    where event_id is not null
    group by event_id, submitted_by_user_id
)

select
    interviewers.event_id,
    interviewers.user_id,
    users.first_name,
    users.last_name,
    interviewers.training_role,
    interviewers.is_feedback_required,
    interviewers.interview_id,
    interviewers.schedule_id,
    schedules.status as schedule_status,
    schedules.application_id,
    applications.job_id,
    applications.department_id,
    interviewers.starts_at,
    interviewers.ends_at,
    
        (date_diff('second', interviewers.starts_at::timestamp, interviewers.ends_at::timestamp ))
     / 3600.0 as hours,
    scorecards.submitted_at as scorecard_at,
    
        (date_diff('second', interviewers.ends_at::timestamp, scorecards.submitted_at::timestamp ))
     / 3600.0 as hours_to_scorecard,
    coalesce(
        
        (date_diff('second', interviewers.ends_at::timestamp, scorecards.submitted_at::timestamp ))
    
        > 24 * 3600,
        false
    ) as is_scorecard_late
from interviewers
inner join "stg_ashby__interview_schedules" as schedules
    on interviewers.schedule_id = schedules.schedule_id
inner join "ashby__applications" as applications on schedules.application_id = applications.application_id
left join "stg_ashby__users" as users on interviewers.user_id = users.user_id
left join scorecards
    on interviewers.event_id = scorecards.event_id and interviewers.user_id = scorecards.submitted_by_user_id;

create or replace view stg_ashby__offer_details as
with newest as (
    select
        *,
        row_number() over (
            partition by "id"
            order by "_ab_cdc_updated_at" desc nulls last
        ) as ashby_newest
    from "offer_details"
)
select
    cast("id" as TEXT) as offer_id,
    cast("versions" as json) as versions
from newest
where 1 = 1 and ashby_newest = 1 and "_ab_cdc_deleted_at" is null;

create or replace table ashby__offers as
with versions as (
    select
        details.offer_id,
        count(*) as versions,
        min(cast(json_extract_string(cast(ashby_item as json), '$.createdAt') as timestamp)) as first_version_at
    from "stg_ashby__offer_details" as details
    cross join unnest(json_extract(details.versions, '$[*]')) as items(ashby_item)
    group by details.offer_id
)

select
    offers.offer_id,
    offers.application_id,
    offers.acceptance_status,
    offers.offer_status,
    offers.acceptance_status in ('Accepted', 'Declined') as is_decided_by_candidate,
    offers.decided_at,
    versions.versions,
    versions.first_version_at,
    offers.latest_version_at,
    (
        (date_diff('second', coalesce(versions.first_version_at, offers.latest_version_at)::timestamp, offers.decided_at::timestamp ))
     / 86400.0) as days_to_decide,
    offers.start_date,
    offers.opening_id,
    offers.approval_status,
    applications.job_id,
    applications.job_title,
    applications.department_id,
    applications.department,
    applications.source_id,
    applications.source
from "stg_ashby__offers" as offers
left join versions on offers.offer_id = versions.offer_id
left join "ashby__applications" as applications on offers.application_id = applications.application_id;

create or replace table ashby__recruiter_workload as
with members as (
    select distinct
        applications.application_id,
        json_extract_string(cast(ashby_item as json), '$.userId') as user_id,
        json_extract_string(cast(ashby_item as json), '$.role') as team_role
    from "stg_ashby__applications" as applications
    cross join unnest(json_extract(applications.hiring_team, '$[*]')) as items(ashby_item)
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
inner join "ashby__applications" as applications on members.application_id = applications.application_id
left join "stg_ashby__users" as users on members.user_id = users.user_id
group by members.user_id, members.team_role;

create or replace table ashby__sources as
with links as (
    select
        source_id,
        count(*) as tracking_links,
        sum(case when is_enabled then 1 else 0 end) as enabled_tracking_links,
        
    string_agg(
        code,
        ', '
        order by code
        ) as tracking_link_codes
    from "stg_ashby__source_tracking_links"
    group by source_id
),

applications as (
    select
        source_id,
        count(*) as applications,
        sum(case when job_posting_id is not null then 1 else 0 end) as applications_at_postings,
        sum(case when interviewing_since is not null then 1 else 0 end) as interviewed,
        sum(case when offer_stage_at is not null then 1 else 0 end) as offers,
        sum(case when status = 'Hired' then 1 else 0 end) as hires
    from "ashby__applications"
    group by source_id
)

select
    coalesce(sources.source_id, applications.source_id) as source_id,
    coalesce(sources.title, 'No source') as source,
    sources.source_type,
    coalesce(links.tracking_links, 0) as tracking_links,
    coalesce(links.enabled_tracking_links, 0) as enabled_tracking_links,
    links.tracking_link_codes,
    coalesce(applications.applications, 0) as applications,
    coalesce(applications.applications_at_postings, 0) as applications_at_postings,
    coalesce(applications.interviewed, 0) as interviewed,
    coalesce(applications.offers, 0) as offers,
    coalesce(applications.hires, 0) as hires
from "stg_ashby__sources" as sources
full outer join applications on sources.source_id = applications.source_id
left join links on sources.source_id = links.source_id;

create or replace table ashby__time_to as
select
    durations.measure,
    cast(date_trunc('month', durations.ended_at) as date) as month,
    durations.department_id,
    max(departments.name) as department,
    count(*) as completed,
    percentile_cont(0.5) within group (order by durations.days) as median_days,
    percentile_cont(0.9) within group (order by durations.days) as p90_days
from "ashby__durations" as durations
left join "stg_ashby__departments" as departments on durations.department_id = departments.department_id
group by 1, 2, 3;
