{{ ashby.stage('application_history', {
    'history_id': ['string', 'id'],
    'application_id': ['string', 'applicationId'],
    'stage_id': ['string', 'stageId'],
    'stage_title': ['string', 'title'],
    'entered_at': ['timestamp', 'enteredStageAt'],
    'left_at': ['timestamp', 'leftStageAt'],
    'position': ['integer', 'stageNumber'],
    'actor_user_id': ['string', 'actorId']
}) }}
