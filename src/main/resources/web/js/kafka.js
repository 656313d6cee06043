import { useEffect, useState } from './html.js';
import { get, path } from './api.js';

/** What stands in commands to copy until the node has told its own, or where it must not. */
const UNKNOWN = { bootstrapServers: 'localhost:9092', topics: { jobs: 'longshore.jobs' } };
let asked = null;

/** Where the node finds Kafka; asked for once in the life of the page. */
export function useKafka() {
  const [known, set] = useState(UNKNOWN);
  useEffect(() => {
    asked ??= get(path('kafka'));
    asked.then(set, () => {
      asked = null; // the next view asks again
    });
  }, []);
  return known;
}
