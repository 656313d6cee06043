// The one place that names the vendored library.
export {
  html, render, Component, createContext, useState, useEffect, useLayoutEffect, useRef, useMemo, useCallback,
} from '../vendor/htm-preact-3.1.1.js';
