{{ ashby.stage('interview_stage_groups', {
    'stage_group_id': ['string', 'id'],
    'title': ['string', 'title'],
    'group_order': ['integer', 'order'],
    'stage_type': ['string', 'stageType']
}) }}
