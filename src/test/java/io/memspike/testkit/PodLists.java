package io.memspike.testkit;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Lists of pods as large as a kubelet gives them. */
public final class PodLists {
    private static final int CONTAINERS_A_POD = 2;
    /** Makes a pod as large as one is on a node with 500 of them and 5 MB: environment, volumes, probes. */
    private static final int VARIABLES = 35;

    private PodLists() {}

    /** The id of the container with that number. */
    public static String id(int number) {
        return HexFormat.of().toHexDigits(number * 0x9E3779B97F4A7C15L).repeat(4);
    }

    /** Some 5 KB for each container, two of them in each pod. */
    public static byte[] large(int containers) {
        StringBuilder json =
                new StringBuilder("{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{},\"items\":[");
        for (int first = 0; first < containers; first += CONTAINERS_A_POD) {
            json.append(first == 0 ? "" : ",");
            addPod(json, first);
        }
        return json.append("]}\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void addPod(StringBuilder json, int first) {
        String hash = "%08x".formatted(first);
        json.append("""
                {"metadata":{"name":"shop-%1$s-x7k2p","generateName":"shop-%1$s-","namespace":"team-%2$d",\
                "uid":"%1$s-1111-4222-8333-0123456789ab","resourceVersion":"76602","labels":{"app":"shop",\
                "pod-template-hash":"%1$s"},"annotations":{"kubernetes.io/config.source":"api"},"ownerReferences":[\
                {"apiVersion":"apps/v1","kind":"ReplicaSet","name":"shop-%1$s","uid":"0","controller":true}]},"spec":{\
                "containers":[""".formatted(hash, first % 20));
        addContainers(json, first, PodLists::addSpec);
        json.append("],\"nodeName\":\"node-1\",\"serviceAccountName\":\"default\"},\"status\":{\"phase\":\"Running\",");
        json.append("\"hostIP\":\"10.0.0.5\",\"containerStatuses\":[");
        addContainers(json, first, PodLists::addStatus);
        json.append("],\"qosClass\":\"Burstable\"}}");
    }

    private interface Part {
        void add(StringBuilder json, int number);
    }

    private static void addContainers(StringBuilder json, int first, Part part) {
        for (int i = 0; i < CONTAINERS_A_POD; i++) {
            json.append(i == 0 ? "" : ",");
            part.add(json, first + i);
        }
    }

    private static void addSpec(StringBuilder json, int number) {
        json.append("{\"name\":\"c%d\",\"image\":\"registry.example/shop:%d\",\"env\":[".formatted(number, number));
        for (int i = 0; i < VARIABLES; i++) {
            json.append(i == 0 ? "" : ",");
            json.append(
                    "{\"name\":\"SHOP_SERVICE_%d_ADDRESS\",\"value\":\"http://service-%d.team.svc.cluster.local:8080/\\\"v1\\\"/%s\"}"
                            .formatted(i, i, "x".repeat(20)));
        }
        json.append(
                "],\"resources\":{\"limits\":{\"memory\":\"512Mi\"},\"requests\":{\"cpu\":\"100m\",\"memory\":\"256Mi\"}}}");
    }

    private static void addStatus(StringBuilder json, int number) {
        json.append("""
                {"name":"c%d","state":{"running":{"startedAt":"2026-03-02T08:11:16Z"}},"lastState":{},"ready":true,\
                "restartCount":0,"image":"registry.example/shop:%d","imageID":"registry.example/shop@sha256:%s",\
                "containerID":"containerd://%s"}""".formatted(number, number, id(number), id(number)));
    }
}
