/** The streams that the dbt package reads. */
export const MODEL_STREAMS: readonly string[] = [
  'applications',
  'application_history',
  'interview_stages',
  'interview_stage_groups',
  'jobs',
  'departments',
  'sources',
  'source_tracking_links',
  'offers',
  'offer_details',
  'openings',
  'interview_schedules',
  'interview_events',
  'application_feedback',
  'users',
];
