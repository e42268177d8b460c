export { append } from '../../infrastructure/store.js';
