/** Ashby's read permissions, by the names that its documentation uses (developers.ashbyhq.com, "Authentication"). */
export type Permission =
  | 'candidatesRead'
  | 'jobsRead'
  | 'interviewsRead'
  | 'hiringProcessMetadataRead'
  | 'organizationRead'
  | 'offersRead'
  | 'approvalsRead'
  | 'sourcingRead'
  | 'auditLogsRead'
  | 'notetakerRead'
  | 'reportsRead'
  | 'apiKeysRead';

export interface PermissionFacts {
  /** The module's name as a person sees it in Ashby's form. */
  label: string;
  /** The scope that `apiKey.info` lists for it. */
  scope: string;
  /** Whether Ashby documents that scope's name; where not, a missing scope is checked by a probe before it is believed. */
  scopeIsDocumented: boolean;
}

export const permissions: Record<Permission, PermissionFacts> = {
  candidatesRead: { label: 'Candidates', scope: 'candidates:read', scopeIsDocumented: true },
  jobsRead: { label: 'Jobs', scope: 'jobs:read', scopeIsDocumented: true },
  interviewsRead: { label: 'Interviews', scope: 'interviews:read', scopeIsDocumented: true },
  hiringProcessMetadataRead: {
    label: 'Hiring Process Metadata',
    scope: 'hiringProcessMetadata:read',
    scopeIsDocumented: true,
  },
  organizationRead: { label: 'Organization', scope: 'organization:read', scopeIsDocumented: true },
  offersRead: { label: 'Offers', scope: 'offers:read', scopeIsDocumented: true },
  approvalsRead: { label: 'Approvals', scope: 'approvals:read', scopeIsDocumented: true },
  sourcingRead: { label: 'Sourcing', scope: 'sourcing:read', scopeIsDocumented: false },
  auditLogsRead: { label: 'Audit Logs', scope: 'auditLogs:read', scopeIsDocumented: false },
  notetakerRead: { label: 'Notetaker', scope: 'notetaker:read', scopeIsDocumented: false },
  reportsRead: { label: 'Reports', scope: 'reports:read', scopeIsDocumented: false },
  apiKeysRead: { label: 'API Keys', scope: 'apiKeys:read', scopeIsDocumented: false },
};

/** Where in Ashby an administrator makes and edits keys, in words for a sentence. */
export const KEYS_PAGE = 'in Ashby under Admin > Integrations > API Keys';

/** A permission as a sentence names it: `"Candidates: Read" (candidatesRead)`. */
export function permissionName(permission: Permission): string {
  return `"${permissions[permission].label}: Read" (${permission})`;
}
