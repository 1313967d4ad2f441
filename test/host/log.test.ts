import { describe, expect, it } from 'vitest';
import { createLog, describeEntry, formatEntry, isEntryLine, type LogEntry, parseLogFormat, stampLine } from '#lib/host/log.ts';
import { createRelay } from '#scripts/instance/relay-entries.ts';

const AT = Date.UTC(2026, 10, 30, 4, 20);
const warning: LogEntry = {
  level: 'warning',
  code: 'FORKED',
  statement: 'ab'.repeat(32),
  text: 'trustee 3 has\ncosigned \u001b[2Janother',
};

describe('the log', () => {
  it('bears its minute and nothing finer, for people and for programs', () => {
    const lines = [0, 1_000, 59_999].map((later) => stampLine('[web] something failed', AT + later));
    expect(new Set(lines)).toEqual(new Set(['2026-11-30T04:20Z [web] something failed']));
    const entries = [0, 59_999].map((later) => formatEntry({ code: 'FAULT', text: 'something failed' }, 'web', AT + later));
    expect(new Set(entries)).toEqual(
      new Set(['{"time":"2026-11-30T04:20Z","level":"info","room":"web","code":"FAULT","text":"something failed"}']),
    );
  });

  it('is one JSON object a line with level, room, code and the whole id of a statement, and obeys no control character', () => {
    const line = formatEntry(warning, 'trustee', AT);
    expect(line).not.toMatch(/[\u0000-\u001f]/);
    const fields = { level: 'warning', room: 'trustee', code: 'FORKED', statement: warning.statement };
    expect(JSON.parse(line)).toEqual({ time: '2026-11-30T04:20Z', ...fields, text: 'trustee 3 has\ncosigned ‹U+001B›[2Janother' });
  });

  it('reads as a sentence for people, set in after a line break', () => {
    const lines: string[] = [];
    createLog('trustee', 'text', (line) => lines.push(line))(warning);
    expect(lines).toEqual([
      expect.stringMatching(
        /^\d{4}-\d\d-\d\dT\d\d:\d\dZ statement abababababab: WARNING: trustee 3 has\n {2}cosigned ‹U\+001B›\[2Janother$/,
      ),
    ]);
    expect(describeEntry({ code: 'SENT', text: 'sent' })).toBe('sent');
  });

  it('is written as LOG_FORMAT says, and in no third way', () => {
    expect([undefined, '', 'text', 'json'].map(parseLogFormat)).toEqual(['text', 'text', 'text', 'json']);
    expect(() => parseLogFormat('JSON')).toThrow('LOG_FORMAT must be text or json.');
  });
});

describe('what a child process writes', () => {
  const relayed = (format: 'text' | 'json', room: 'web' | 'trustee', line: string) => {
    const lines: string[] = [];
    createRelay(format, (one) => lines.push(one))(room, `[${room}]`, line);
    return lines;
  };

  it('is marked for people, and stamped where it has no time', () => {
    expect(relayed('text', 'web', 'it failed')).toEqual([expect.stringMatching(/^\S{16}Z \[web\] it failed$/)]);
    expect(relayed('text', 'trustee', '2026-11-30T04:20Z sent')).toEqual(['[trustee] 2026-11-30T04:20Z sent']);
  });

  it('goes through as it is where it is an entry, and becomes one where it is not, whatever it looks like', () => {
    const entry = formatEntry(warning, 'trustee', AT);
    expect(relayed('json', 'trustee', entry)).toEqual([entry]);
    for (const line of ['⚠ a word of Next', '{"level":"error"}', entry.replace('04:20Z', '04:20:31Z'), entry.slice(0, -1)]) {
      const [wrapped = ''] = relayed('json', 'web', line);
      expect(isEntryLine(wrapped)).toBe(true);
      expect(JSON.parse(wrapped)).toMatchObject({ level: 'info', room: 'web', code: 'OUTPUT', text: line });
    }
  });
});
