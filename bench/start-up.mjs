import './start-up.cjs';
