/** The tag by which the owner of a state machine allows runs of processes to start it. Its value is theirs. */
export const PROCESS_TAG = 'runplane:process';
