{{ ashby.stage('source_tracking_links', {
    'link_id': ['string', 'id'],
    'source_id': ['string', 'sourceId'],
    'code': ['string', 'code'],
    'is_enabled': ['boolean', 'enabled']
}) }}
