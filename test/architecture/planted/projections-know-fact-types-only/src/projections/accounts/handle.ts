export * from '../../application/handle.js';
