// What this browser remembers. Storage may be forbidden or full: then nothing is remembered.
function read(area, key) {
  try {
    return area().getItem('longshore.' + key);
  } catch {
    return null;
  }
}

function write(area, key, value) {
  try {
    if (value === null) area().removeItem('longshore.' + key);
    else area().setItem('longshore.' + key, value);
  } catch {
    // As said above.
  }
}

const local = () => localStorage;
const session = () => sessionStorage;

/** A choice that outlives the tab. */
export const getChoice = (key) => read(local, key);
export const setChoice = (key, value) => write(local, key, value);

/** What ends with the tab. */
export const getForTab = (key) => read(session, key);
export const setForTab = (key, value) => write(session, key, value);
