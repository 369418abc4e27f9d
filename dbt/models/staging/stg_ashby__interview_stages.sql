{{ ashby.stage('interview_stages', {
    'stage_id': ['string', 'id'],
    'stage_title': ['string', 'title'],
    'stage_type': ['string', 'type'],
    'stage_order': ['integer', 'orderInInterviewPlan'],
    'stage_group_id': ['string', 'interviewStageGroupId'],
    'interview_plan_id': ['string', 'interviewPlanId']
}) }}
