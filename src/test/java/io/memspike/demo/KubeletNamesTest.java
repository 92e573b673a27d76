package io.memspike.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KubeletNamesTest {
    private static final String UID = "[0-9a-f]{8}_[0-9a-f]{4}_4[0-9a-f]{3}_[89ab][0-9a-f]{3}_[0-9a-f]{12}";

    @Test
    void shouldCarryItsParentsNameAndARandomUidWhenAPodIsNamed() {
        assertThat(KubeletNames.podSlice("kubepods-burstable.slice", "web"))
                .matches("kubepods-burstable-pod" + UID + "\\.slice");
        assertThat(KubeletNames.podSlice("kubepods.slice", "java")).matches("kubepods-pod" + UID + "\\.slice");
    }

    @Test
    void shouldBe64HexadecimalDigitsWhenAContainerIsNamed() {
        assertThat(KubeletNames.scope("web/web")).matches("cri-containerd-[0-9a-f]{64}\\.scope");
    }

    @Test
    void shouldBeTheSameOnEveryRunWhenTheNameIs() {
        assertThat(KubeletNames.scope("web/web"))
                .isEqualTo(KubeletNames.scope("web/web"))
                .isNotEqualTo(KubeletNames.scope("web/pause"));
    }
}
