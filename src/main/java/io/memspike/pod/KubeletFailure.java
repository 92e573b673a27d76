package io.memspike.pod;

import io.memspike.linux.Outcome;

/** Why a request to the kubelet gave no list of pods, in one line that holds nothing secret. */
final class KubeletFailure extends Exception {
    private static final long serialVersionUID = 1;

    private final Outcome outcome;

    KubeletFailure(Outcome outcome, String what) {
        super(what);
        this.outcome = outcome;
    }

    Outcome outcome() {
        return outcome;
    }
}
