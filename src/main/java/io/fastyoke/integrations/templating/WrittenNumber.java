package io.fastyoke.integrations.templating;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.node.NumericNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * A number that is written back exactly as it was read.
 *
 * <p>{@link BigDecimal} keeps every digit but not the form: {@code -0.0} loses its sign and {@code
 * 0.0000001} becomes {@code 1E-7}. Keeping the text also means that {@code 1e999999999} is never
 * expanded into its digits.
 */
final class WrittenNumber extends NumericNode {
  private static final long serialVersionUID = 1L;

  /** A wider scale than any number of a sane length needs without an exponent. */
  private static final int MAX_EXPANDED_SCALE = Json.MAX_NUMBER_LENGTH;

  private final String text;
  private final BigDecimal value;

  /**
   * @throws NumberFormatException if the exponent does not fit into 32 bits
   */
  WrittenNumber(String text) {
    this.text = text;
    this.value = new BigDecimal(text);
  }

  @Override
  public JsonToken asToken() {
    return JsonToken.VALUE_NUMBER_FLOAT;
  }

  @Override
  public NumberType numberType() {
    return NumberType.BIG_DECIMAL;
  }

  @Override
  public boolean isBigDecimal() {
    return true;
  }

  @Override
  public boolean isFloatingPointNumber() {
    return true;
  }

  @Override
  public Number numberValue() {
    return value;
  }

  @Override
  public int intValue() {
    return value.intValue();
  }

  @Override
  public long longValue() {
    return value.longValue();
  }

  @Override
  public double doubleValue() {
    return value.doubleValue();
  }

  @Override
  public BigDecimal decimalValue() {
    return value;
  }

  @Override
  public BigInteger bigIntegerValue() {
    if (value.scale() < -MAX_EXPANDED_SCALE) {
      throw new ArithmeticException("The number has too many digits.");
    }
    return value.toBigInteger();
  }

  @Override
  public boolean canConvertToInt() {
    return within(Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  @Override
  public boolean canConvertToLong() {
    return within(Long.MIN_VALUE, Long.MAX_VALUE);
  }

  private boolean within(long least, long most) {
    return value.compareTo(BigDecimal.valueOf(least)) >= 0
        && value.compareTo(BigDecimal.valueOf(most)) <= 0;
  }

  @Override
  public String asText() {
    return text;
  }

  @Override
  public void serialize(JsonGenerator out, SerializerProvider provider) throws IOException {
    out.writeNumber(text);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WrittenNumber number && number.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }
}
