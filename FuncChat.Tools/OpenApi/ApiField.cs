using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace FuncChat.Tools.OpenApi;

/// <summary>A field of a form, and how its values are written (https://spec.openapis.org/oas/v3.1.1#encoding-object).</summary>
/// <param name="MediaType">The type that the document names for the field's parts; null if it names none, or a range of types.</param>
/// <param name="IsStyled">Whether the document names a style. Otherwise an object is JSON, and an array has a part for each value.</param>
internal sealed record ApiField(ApiParameter Parameter, string? MediaType, bool IsStyled)
{
    private const string Json = "application/json";

    private static readonly string[] Compositions = ["allOf", "anyOf", "oneOf"];

    /// <summary>Whether the field is a file.</summary>
    public bool IsFile { get; init; }

    /// <summary>The fields that a form has, and those that are only described. Files become arguments in the schema: a model can't send bytes, but names a file or sends base64.</summary>
    /// <param name="schema">The schema of the form.</param>
    public static IReadOnlyDictionary<string, ApiField> Offer(JsonObject schema, ApiBody body)
    {
        var fields = (body.Encoding ?? new Dictionary<string, OpenApiEncoding>()).ToDictionary(each => each.Key, each => Of(each.Key, each.Value), StringComparer.Ordinal);
        foreach (var (properties, name, property) in PropertiesOf(schema).ToList())
        {
            if (SwaggerDocument.TakeCollectionFormat(property) is { } format)
                fields[name] = new ApiField(Of(name).Parameter.WithFormat(format), null, format != "multi");
            if (body.Type == ApiBodyType.Multipart && ApiFile.ArgumentFor(property) is { } argument)
            {
                properties[name] = argument;
                fields[name] = fields.GetValueOrDefault(name, Of(name)) with { IsFile = true };
            }
        }

        return fields;
    }

    /// <summary>Whether a form has a file.</summary>
    public static bool HasFile(JsonObject schema) => PropertiesOf(schema).Any(each => ApiFile.ArgumentFor(each.Property) is not null);

    /// <summary>A field about which the document says nothing.</summary>
    public static ApiField Of(string name) => new(new ApiParameter(name, name, ParameterLocation.Query, ParameterStyle.Form, Explode: true), null, IsStyled: false);

    /// <summary>The names, texts and types of the parts that the field's value becomes.</summary>
    public IEnumerable<(string Name, string Text, string? MediaType)> PartsOf(JsonElement value, Func<string, string> escape)
    {
        if (!IsStyled && Parameter.Whole is null && value.ValueKind == JsonValueKind.Array)
            return value.EnumerateArray().SelectMany(item => PartsOfOne(item, escape));
        return PartsOfOne(value, escape);
    }

    private IEnumerable<(string Name, string Text, string? MediaType)> PartsOfOne(JsonElement value, Func<string, string> escape)
    {
        var isJson = !IsStyled && value.ValueKind is (JsonValueKind.Object or JsonValueKind.Array);
        return (isJson ? Parameter with { Whole = ApiBodyType.Json } : Parameter).FieldsOf(value, escape).Select(part => (part.Name, part.Value, MediaType ?? (isJson ? Json : null)));
    }

    // A style takes precedence over a type.
    private static ApiField Of(string name, OpenApiEncoding encoding)
    {
        var mediaType = (encoding.ContentType ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(type => !type.Contains('*', StringComparison.Ordinal));

        var isStyled = encoding.Style is not null || encoding.Explode == true || encoding.AllowReserved is not null
            || (encoding.ContentType is null && encoding.Headers is null && SaysExplode(encoding));
        var style = encoding.Style ?? ParameterStyle.Form;
        var explode = encoding.Explode == true || (encoding.Style is null && encoding.AllowReserved is not null);
        return isStyled
            ? new ApiField(new ApiParameter(name, name, ParameterLocation.Query, style, explode), null, IsStyled: true)
            : Of(name) is var field && mediaType is not null && ApiBody.TypeOf(mediaType) == ApiBodyType.Json
                ? field with { Parameter = field.Parameter with { Whole = ApiBodyType.Json }, MediaType = mediaType }
                : field with { MediaType = mediaType };
    }

    // The library reads an `explode` of false and none as the same, but does not write them as the same.
    private static bool SaysExplode(OpenApiEncoding encoding)
    {
        using var json = new StringWriter(CultureInfo.InvariantCulture);
        encoding.SerializeAsV31(new OpenApiJsonWriter(json));
        return (JsonNode.Parse(json.ToString()) as JsonObject)?.ContainsKey(OpenApiConstants.Explode) == true;
    }

    private static IEnumerable<(JsonObject Properties, string Name, JsonObject Property)> PropertiesOf(JsonObject schema)
    {
        var own = schema["properties"] is JsonObject properties
            ? properties.Where(each => each.Value is JsonObject).Select(each => (properties, each.Key, (JsonObject)each.Value!))
            : [];
        return own.Concat(Compositions.SelectMany(keyword => (schema[keyword] as JsonArray ?? []).OfType<JsonObject>()).SelectMany(PropertiesOf));
    }
}
