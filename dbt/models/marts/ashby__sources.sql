{# One row a source. Its links are counted before anything is joined, so that no application counts twice. #}
with links as (
    select
        source_id,
        count(*) as tracking_links,
        sum(case when is_enabled then 1 else 0 end) as enabled_tracking_links,
        {{ dbt.listagg('code', "', '", 'order by code') }} as tracking_link_codes
    from {{ ref('stg_ashby__source_tracking_links') }}
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
    from {{ ref('ashby__applications') }}
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
from {{ ref('stg_ashby__sources') }} as sources
full outer join applications on sources.source_id = applications.source_id
left join links on sources.source_id = links.source_id
