{{ ashby.stage('sources', {
    'source_id': ['string', 'id'],
    'title': ['string', 'title'],
    'source_type': ['string', 'sourceType', 'title'],
    'is_archived': ['boolean', 'isArchived']
}) }}
