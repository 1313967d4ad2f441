// node scripts/evening/visit.ts URL SECONDS
//
// Asks for a page again and again until somebody answers, and prints what came as JSON. What leads it there is not its business.
import { setTimeout as sleep } from 'node:timers/promises';

const [url = '', seconds = '0'] = process.argv.slice(2);
const end = Date.now() + Number(seconds) * 1000;

async function visit(): Promise<Response> {
  for (;;) {
    try {
      return await fetch(url);
    } catch (error) {
      if (Date.now() > end) throw error;
      await sleep(500);
    }
  }
}

const response = await visit();
console.log(JSON.stringify({ status: response.status, onion: response.headers.get('Onion-Location'), text: await response.text() }));
