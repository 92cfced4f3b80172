package org.openapitools.client.model;

import com.google.gson.JsonElement;
import java.util.LinkedHashMap;

/**
 * What a process is given, by name. It stands in for `ProcessInputs`, a list or a map: of a map among
 * alternatives the generator makes code that does not compile.
 */
public final class Inputs extends LinkedHashMap<String, Object> {
  /** Called by what was generated. A map of anything has nothing to be wrong. */
  public static void validateJsonElement(JsonElement any) {}
}
