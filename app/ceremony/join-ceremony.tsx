'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { ApiError } from '#lib/api/api-error.ts';
import { type TurnReport, takePart } from '#lib/browser/ceremony-turn.ts';
import type { Made } from '#lib/browser/ceremony-worker.ts';
import { contributorName, parseContributorKey } from '#lib/ceremony/attestation.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { Button } from '../ui/button.tsx';
import { FormStack, TextInput } from '../ui/field.tsx';
import { FileDrop } from '../ui/file-drop.tsx';
import { KeyFingerprint } from '../ui/key-fingerprint.tsx';
import { Notice } from '../ui/notice.tsx';
import { Stack } from '../ui/page-parts.tsx';
import { ThreeFacts } from '../ui/three-facts.tsx';
import { ContributionMade } from './contribution-made.tsx';
import { ENOUGH_SAMPLES, RandomnessPad } from './randomness-pad.tsx';
import { TurnProgress } from './turn-progress.tsx';

type State =
  | { at: 'form' }
  | { at: 'turn'; report: TurnReport; links: string[] }
  | { at: 'accepted'; made: Made; position: number }
  | { at: 'stopped'; text: string; code: string | undefined; made: Made | null };

/** Bytes; such a file has 65. */
const LARGEST_KEY_FILE = 1000;

/** Taking part in a ceremony: name and randomness, the queue, the work, and what comes out. */
export function JoinCeremony({ ceremony }: { ceremony: string }) {
  const [state, setState] = useState<State>({ at: 'form' });
  const [name, setName] = useState('');
  const [problem, setProblem] = useState('');
  const [seed, setSeed] = useState<Uint8Array | null>(null);
  const [badKey, setBadKey] = useState(false);
  const [samples, setSamples] = useState(0);
  const pool = useRef<string[]>([]);
  const turn = useRef<AbortController>(null);
  const router = useRouter();
  useEffect(() => () => turn.current?.abort(LEFT), []);

  function readKey(text: string) {
    const read = parseContributorKey(text);
    setSeed(read);
    setBadKey(read === null);
  }

  function start(event: FormEvent) {
    event.preventDefault();
    const parsed = contributorName.safeParse(name.trim());
    if (!parsed.success) return setProblem('Write a name of at most 64 characters. It will be public for good.');
    if (samples < ENOUGH_SAMPLES) return setProblem('Move or type a little more first, until the bar is full.');
    setProblem('');
    void run(parsed.data);
  }

  async function run(person: string) {
    const controller = new AbortController();
    turn.current = controller;
    let made: Made | null = null;
    const onReport = (report: TurnReport) => {
      if (report.stage === 'sending') made = report.made;
      setState((before) => ({ at: 'turn', report, links: withLink(before.at === 'turn' ? before.links : [], report) }));
    };
    try {
      const typed = pool.current.join(' ');
      pool.current = [];
      setSamples(0);
      const outcome = await takePart({ ceremony, name: person, typed, seed }, { signal: controller.signal, onReport });
      setState({ at: 'accepted', ...outcome });
      router.refresh(); // the list of contributions has one more
    } catch (error) {
      if (controller.signal.reason === LEFT) return;
      setState({ at: 'stopped', text: reasonOf(error), code: error instanceof ApiError ? error.code : undefined, made });
    }
  }

  switch (state.at) {
    case 'form':
      return (
        <FormStack onSubmit={start} noValidate>
          <TextInput
            label="Your name in the ceremony"
            hint="Where people should know that it is you. It stays in the key for good."
            maxLength={64}
            value={name}
            onChange={(event) => setName(event.target.value)}
            autoComplete="off"
            required
          />
          <FileDrop
            label="Your signing key, if you have one"
            hint={
              seed ? (
                <>
                  Your attestation will be signed with <KeyFingerprint hex={publicKeyOf(seed)} whose="Your signing key" short />
                </>
              ) : (
                'The file contributor.key of an earlier contribution. It is read here and sent nowhere. Without it a new key is made.'
              )
            }
            accept=".key"
            error={badKey ? 'This file holds no signing key, so a new one will be made.' : undefined}
            mostBytes={LARGEST_KEY_FILE}
            onText={readKey}
          />
          <RandomnessPad
            samples={samples}
            onSample={(sample) => {
              pool.current.push(sample);
              setSamples((before) => before + 1);
            }}
          />
          <ThreeFacts
            leaves="Your name, the new key, and your signed attestation. Not your randomness."
            sees="Everybody. A ceremony is public."
            when="As soon as it has been checked, and for good."
          />
          {problem && <Notice kind="warning" live title={problem} />}
          <div>
            <Button type="submit">Take a place in the queue</Button>
          </div>
        </FormStack>
      );
    case 'turn':
      return (
        <TurnProgress
          report={state.report}
          links={state.links}
          onCancel={() => turn.current?.abort(new Error('You stopped. Your place has gone to the next person.'))}
        />
      );
    case 'accepted':
      return <ContributionMade made={state.made} position={state.position} />;
    case 'stopped':
      return (
        <Stack gap="wide">
          <Notice
            kind="warning"
            live
            title={state.text}
            lost={state.made ? 'Your contribution is made and still here.' : 'The ceremony is as it was. Your part was not added.'}
            todo={state.made ? 'Save the two files below and send them to the coordinator, before somebody else contributes.' : undefined}
            {...(state.code ? { code: state.code } : {})}
            action={
              <Button kind="secondary" onClick={() => setState({ at: 'form' })}>
                Begin again
              </Button>
            }
          />
          {state.made && <ContributionMade made={state.made} position={null} />}
        </Stack>
      );
  }
}

/** Why a turn ends when the page is left. */
const LEFT = new Error('left');

function withLink(links: string[], report: TurnReport): string[] {
  return report.stage === 'verifying' && report.link ? [...links, report.link.link] : links;
}

function reasonOf(error: unknown): string {
  if (error instanceof DOMException && error.name === 'TimeoutError') return 'It took longer than an hour and was stopped.';
  return error instanceof Error && error.message ? error.message : 'The contribution could not be made.';
}
