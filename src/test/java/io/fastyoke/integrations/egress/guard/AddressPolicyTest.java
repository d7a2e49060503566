package io.fastyoke.integrations.egress.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.fastyoke.integrations.egress.guard.AddressPolicy.AddressClass;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPolicyTest {
  private final AddressPolicy policy = new AddressPolicy(List.of());

  private AddressClass classify(String address) {
    byte[] bytes = AddressLiteral.bytes(address);
    assertThat(bytes).as(address).isNotEmpty();
    return policy.classify(bytes);
  }

  /** A range, the address before it and the one behind it; empty if that one is blocked as well. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "0.0.0.0, 0.255.255.255, -, 1.0.0.0",
        "10.0.0.0, 10.255.255.255, 9.255.255.255, 11.0.0.0",
        "100.64.0.0, 100.127.255.255, 100.63.255.255, 100.128.0.0",
        "127.0.0.0, 127.255.255.255, 126.255.255.255, 128.0.0.0",
        "169.254.0.0, 169.254.255.255, 169.253.255.255, 169.255.0.0",
        "172.16.0.0, 172.31.255.255, 172.15.255.255, 172.32.0.0",
        "192.0.0.0, 192.0.0.255, 191.255.255.255, 192.0.1.0",
        "192.0.2.0, 192.0.2.255, 192.0.1.255, 192.0.3.0",
        "192.31.196.0, 192.31.196.255, 192.31.195.255, 192.31.197.0",
        "192.52.193.0, 192.52.193.255, 192.52.192.255, 192.52.194.0",
        "192.88.99.0, 192.88.99.255, 192.88.98.255, 192.88.100.0",
        "192.168.0.0, 192.168.255.255, 192.167.255.255, 192.169.0.0",
        "192.175.48.0, 192.175.48.255, 192.175.47.255, 192.175.49.0",
        "198.18.0.0, 198.19.255.255, 198.17.255.255, 198.20.0.0",
        "198.51.100.0, 198.51.100.255, 198.51.99.255, 198.51.101.0",
        "203.0.113.0, 203.0.113.255, 203.0.112.255, 203.0.114.0",
        "224.0.0.0, 239.255.255.255, 223.255.255.255, -",
        "240.0.0.0, 255.255.255.255, -, -",
        "168.63.129.16, 168.63.129.16, 168.63.129.15, 168.63.129.17",
        "::, 1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, -, 2000::",
        "4000::, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff,"
            + " 3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, -",
        "2001::, 2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff,"
            + " 2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 2001:200::",
        "2001:db8::, 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff,"
            + " 2001:db7:ffff:ffff:ffff:ffff:ffff:ffff, 2001:db9::",
        "2002::, 2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff,"
            + " 2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 2003::",
        "2620:4f:8000::, 2620:4f:8000:ffff:ffff:ffff:ffff:ffff,"
            + " 2620:4f:7fff:ffff:ffff:ffff:ffff:ffff, 2620:4f:8001::",
        "3fff::, 3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff,"
            + " 3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 3fff:1000::"
      })
  void blocksEachRangeAndNotItsNeighbours(String first, String last, String before, String behind) {
    assertThat(classify(first)).isEqualTo(AddressClass.BLOCKED);
    assertThat(classify(last)).isEqualTo(AddressClass.BLOCKED);
    assertThat(classify(middle(first, last))).isEqualTo(AddressClass.BLOCKED);
    if (before != null) {
      assertThat(classify(before)).as("before").isEqualTo(AddressClass.PUBLIC);
    }
    if (behind != null) {
      assertThat(classify(behind)).as("behind").isEqualTo(AddressClass.PUBLIC);
    }
  }

  /** Every blocked IPv4 range must be blocked when written inside IPv6 as well. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "0:0:0:0:0:ffff:127.0.0.1",
        "::ffff:a9fe:a9fe",
        "::ffff:10.0.0.1",
        "::ffff:168.63.129.16",
        "::ffff:0:7f00:1",
        "::ffff:0:808:808",
        "64:ff9b::a00:1",
        "64:ff9b::808:808",
        "64:ff9b:1::1",
        "100::1",
        "100:0:0:1::1",
        "2001:0:808:808::1",
        "2001:2::1",
        "2001:10::1",
        "2001:20::1",
        "2002:7f00:1::",
        "2002:808:808::1",
        "5f00::1",
        "fc00::1",
        "fdaa::3",
        "fd00:ec2::254",
        "fd20:ce::254",
        "fd7a:115c:a1e0::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "169.254.169.254",
        "169.254.170.2",
        "100.100.100.200",
        "192.0.0.192"
      })
  void blocksKnownWaysIn(String address) {
    assertThat(classify(address)).isEqualTo(AddressClass.BLOCKED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"8.8.8.8", "1.1.1.1", "::ffff:8.8.8.8", "2606:4700::1111", "2a00:1450:4001::1"})
  void leavesThePublicInternetOpen(String address) {
    assertThat(classify(address)).isEqualTo(AddressClass.PUBLIC);
  }

  @Test
  void opensWhatTheOperatorOpensAndNoMore() {
    AddressPolicy opened =
        new AddressPolicy(List.of(Cidr.of("10.1.0.0/16"), Cidr.of("fd00:1::/32")));
    assertThat(opened.classify(AddressLiteral.bytes("10.1.2.3"))).isEqualTo(AddressClass.EXEMPT);
    assertThat(opened.classify(AddressLiteral.bytes("::ffff:10.1.2.3")))
        .isEqualTo(AddressClass.EXEMPT);
    assertThat(opened.classify(AddressLiteral.bytes("10.2.0.0"))).isEqualTo(AddressClass.BLOCKED);
    assertThat(opened.classify(AddressLiteral.bytes("10.0.255.255")))
        .isEqualTo(AddressClass.BLOCKED);
    assertThat(opened.classify(AddressLiteral.bytes("fd00:1:ffff::1")))
        .isEqualTo(AddressClass.EXEMPT);
    assertThat(opened.classify(AddressLiteral.bytes("fd00:2::1"))).isEqualTo(AddressClass.BLOCKED);
    assertThat(opened.classify(AddressLiteral.bytes("8.8.8.8"))).isEqualTo(AddressClass.PUBLIC);
  }

  @Test
  void rangesAreReadStrictly() {
    for (String text :
        Set.of(
            "",
            "/",
            "x",
            "10.0.0.0/33",
            "10.0.0.0/-1",
            "10.0.0.0/",
            "::/129",
            "10.0.0/8",
            "010.0.0.0/8",
            "fe80::1%eth0",
            "[::1]/128",
            "10.0.0.0/8/8",
            "localhost/8")) {
      assertThat(Cidr.read(text)).as(text).isEmpty();
    }
    assertThat(Cidr.read("10.1.2.3").map(Cidr::prefix)).isEqualTo(Optional.of(32));
    assertThat(Cidr.read("::1").map(Cidr::prefix)).isEqualTo(Optional.of(128));
    assertThat(Cidr.of("10.255.0.0/9").contains(AddressLiteral.bytes("10.128.0.1"))).isTrue();
    assertThat(Cidr.of("0.0.0.0/0").contains(AddressLiteral.bytes("255.1.1.1"))).isTrue();
    assertThat(Cidr.of("0.0.0.0/0").contains(AddressLiteral.bytes("::1"))).isFalse();
  }

  private static String middle(String first, String last) {
    byte[] low = AddressLiteral.bytes(first);
    BigInteger sum =
        new BigInteger(1, low).add(new BigInteger(1, AddressLiteral.bytes(last))).shiftRight(1);
    byte[] bytes = new byte[low.length];
    byte[] number = sum.toByteArray();
    int length = Math.min(number.length, bytes.length);
    System.arraycopy(number, number.length - length, bytes, bytes.length - length, length);
    return io.netty.util.NetUtil.bytesToIpAddress(bytes);
  }
}
