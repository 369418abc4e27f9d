{# One row an offer, with its versions and how long it took until somebody decided. #}
with versions as (
    select
        details.offer_id,
        count(*) as versions,
        min(cast({{ ashby.json_text('ashby_item', ['createdAt']) }} as {{ dbt.type_timestamp() }})) as first_version_at
    from {{ ref('stg_ashby__offer_details') }} as details
    {{ ashby.each_item('details.versions') }}
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
    {{ ashby.days_between('coalesce(versions.first_version_at, offers.latest_version_at)', 'offers.decided_at') }} as days_to_decide,
    offers.start_date,
    offers.opening_id,
    offers.approval_status,
    applications.job_id,
    applications.job_title,
    applications.department_id,
    applications.department,
    applications.source_id,
    applications.source
from {{ ref('stg_ashby__offers') }} as offers
left join versions on offers.offer_id = versions.offer_id
left join {{ ref('ashby__applications') }} as applications on offers.application_id = applications.application_id
