import type { FailureType } from '../errors.ts';

/*
 * Airbyte's protocol, the part that a source speaks: types for airbyte_protocol.yaml of airbytehq/airbyte-protocol
 * (release 0.18). There is no official package for TypeScript; the client tests check every line that the connector
 * prints against the official Python models.
 */

export type LogLevel = 'FATAL' | 'ERROR' | 'WARN' | 'INFO' | 'DEBUG' | 'TRACE';
export type SyncMode = 'full_refresh' | 'incremental';
export type StreamStatus = 'STARTED' | 'RUNNING' | 'COMPLETE' | 'INCOMPLETE';

/** One entry of a record's `meta.changes`. */
export interface RecordChange {
  field: string;
  change: 'NULLED' | 'TRUNCATED';
  reason: 'SOURCE_SERIALIZATION_ERROR' | 'SOURCE_FIELD_SIZE_LIMITATION';
}

export interface StreamDescriptor {
  name: string;
}

export interface LogMessage {
  type: 'LOG';
  log: { level: LogLevel; message: string };
}

export interface SpecMessage {
  type: 'SPEC';
  spec: {
    documentationUrl?: string;
    changelogUrl?: string;
    connectionSpecification: Record<string, unknown>;
    protocol_version?: string;
  };
}

export interface ConnectionStatusMessage {
  type: 'CONNECTION_STATUS';
  connectionStatus: { status: 'SUCCEEDED' | 'FAILED'; message?: string };
}

export interface AirbyteStream {
  name: string;
  json_schema: Record<string, unknown>;
  supported_sync_modes: SyncMode[];
  source_defined_cursor?: boolean;
  default_cursor_field?: string[];
  source_defined_primary_key: string[][];
  is_resumable?: boolean;
}

export interface CatalogMessage {
  type: 'CATALOG';
  catalog: { streams: AirbyteStream[] };
}

export interface ErrorTrace {
  type: 'ERROR';
  emitted_at: number;
  error: {
    message: string;
    internal_message?: string;
    stack_trace?: string;
    failure_type: FailureType;
    stream_descriptor?: StreamDescriptor;
  };
}

export interface StatusTrace {
  type: 'STREAM_STATUS';
  emitted_at: number;
  stream_status: {
    stream_descriptor: StreamDescriptor;
    status: StreamStatus;
    /** At most one reason; `quota_reset` is in epoch milliseconds. */
    reasons?: [{ type: 'RATE_LIMITED'; rate_limited: { quota_reset: number } }];
  };
}

export interface TraceMessage {
  type: 'TRACE';
  trace: ErrorTrace | StatusTrace;
}

/**
 * Everything but records and states, which have encoders of their own in `encode.ts`: records because there are
 * millions of them, states because their count is written with a decimal point.
 */
export type ControlMessage = LogMessage | SpecMessage | ConnectionStatusMessage | CatalogMessage | TraceMessage;

export function logMessage(level: LogLevel, message: string): LogMessage {
  return { type: 'LOG', log: { level, message } };
}

export function statusTrace(
  stream: string,
  status: StreamStatus,
  emittedAt: number,
  quotaReset?: number,
): TraceMessage {
  const reasons: StatusTrace['stream_status']['reasons'] =
    quotaReset === undefined ? undefined : [{ type: 'RATE_LIMITED', rate_limited: { quota_reset: quotaReset } }];
  return {
    type: 'TRACE',
    trace: {
      type: 'STREAM_STATUS',
      emitted_at: emittedAt,
      stream_status: { stream_descriptor: { name: stream }, status, ...(reasons ? { reasons } : {}) },
    },
  };
}

export interface ErrorTraceOptions {
  message: string;
  internalMessage?: string | undefined;
  stack?: string | undefined;
  failureType: FailureType;
  stream?: string | undefined;
  /** Epoch milliseconds. */
  emittedAt: number;
}

export function errorTrace(options: ErrorTraceOptions): TraceMessage {
  const { message, internalMessage, stack, failureType, stream, emittedAt } = options;
  return {
    type: 'TRACE',
    trace: {
      type: 'ERROR',
      emitted_at: emittedAt,
      error: {
        message,
        ...(internalMessage === undefined ? {} : { internal_message: internalMessage }),
        ...(stack === undefined ? {} : { stack_trace: stack }),
        failure_type: failureType,
        ...(stream === undefined ? {} : { stream_descriptor: { name: stream } }),
      },
    },
  };
}

/** The same message with each text that is meant for people changed by `change`. */
export function withTexts(
  message: ControlMessage,
  change: (text: string, kind: 'sentence' | 'stack') => string,
): ControlMessage {
  switch (message.type) {
    case 'LOG':
      return logMessage(message.log.level, change(message.log.message, 'sentence'));
    case 'CONNECTION_STATUS': {
      const { status, message: text } = message.connectionStatus;
      return {
        ...message,
        connectionStatus: { status, ...(text === undefined ? {} : { message: change(text, 'sentence') }) },
      };
    }
    case 'TRACE': {
      const { trace } = message;
      if (trace.type !== 'ERROR') return message;
      const { error } = trace;
      const { internal_message: internal, stack_trace: stack } = error;
      return {
        ...message,
        trace: {
          ...trace,
          error: {
            ...error,
            message: change(error.message, 'sentence'),
            ...(internal === undefined ? {} : { internal_message: change(internal, 'sentence') }),
            ...(stack === undefined ? {} : { stack_trace: change(stack, 'stack') }),
          },
        },
      };
    }
    default:
      return message;
  }
}
