using System.Globalization;
using System.Text.Json;
using Microsoft.OpenApi;

namespace FuncChat.Tools.OpenApi;

/// <summary>A parameter of an operation or a field of a form, and how its values are written (https://spec.openapis.org/oas/v3.1.1#style-values).</summary>
/// <param name="Argument">The name that the model sees: the parameter's own, unless another argument has it.</param>
/// <param name="Explode">Whether each value of an array or object is written as a parameter of its own.</param>
internal sealed record ApiParameter(string Argument, string Name, ParameterLocation In, ParameterStyle Style, bool Explode)
{
    /// <summary>The type of a value that is written as a whole, whatever its style; null for one that has a style.</summary>
    public ApiBodyType? Whole { get; init; }

    /// <summary>What is between the values of an array or object that are not exploded.</summary>
    public char Delimiter { get; init; } = Style switch
    {
        ParameterStyle.SpaceDelimited => ' ',
        ParameterStyle.PipeDelimited => '|',
        _ => ',',
    };

    /// <summary>The parameter as the document describes it.</summary>
    public static ApiParameter Of(IOpenApiParameter parameter, string argument)
    {
        var style = parameter.Style ?? (parameter.In is ParameterLocation.Query or ParameterLocation.Cookie ? ParameterStyle.Form : ParameterStyle.Simple);
        var described = new ApiParameter(argument, parameter.Name!, parameter.In!.Value, style, parameter.Explode)
        {
            Whole = parameter.Content?.Keys.FirstOrDefault() is { } mediaType ? ApiBody.TypeOf(mediaType) : null,
        };
        return SwaggerDocument.CollectionFormatOf(parameter.Extensions) is { } format ? described.WithFormat(format) : described;
    }

    /// <summary>The parameter with its values in one of the formats of Swagger 2.0.</summary>
    public ApiParameter WithFormat(string collectionFormat) => this with
    {
        Explode = collectionFormat == "multi",
        Delimiter = collectionFormat switch
        {
            "ssv" => ' ',
            "tsv" => '\t',
            "pipes" => '|',
            _ => ',',
        },
    };

    /// <summary>The values of an argument as texts: several for an array; none for null.</summary>
    public static IEnumerable<string> ValuesOf(object? value) => value switch
    {
        null or JsonElement { ValueKind: JsonValueKind.Null } => [],
        JsonElement { ValueKind: JsonValueKind.Array } array => array.EnumerateArray().Where(item => item.ValueKind != JsonValueKind.Null).Select(item => TextOf(item)),
        _ => [TextOf(value)],
    };

    /// <summary>The parts of a query, such as `name=value`.</summary>
    public IEnumerable<string> QueryOf(object? value) => FieldsOf(value, Escape).Select(field => $"{field.Name}={field.Value}");

    /// <summary>The names and values of a query or a form.</summary>
    public IEnumerable<(string Name, string Value)> FieldsOf(object? value, Func<string, string> escape)
    {
        switch (value)
        {
            case JsonElement { ValueKind: JsonValueKind.Object or JsonValueKind.Array } part when Whole is null && Style == ParameterStyle.DeepObject:
                return DeepFieldsOf(Name, part).Select(field => (escape(field.Name), escape(field.Value)));
            case JsonElement { ValueKind: JsonValueKind.Object } fields when Whole is null && Explode:
                return fields.EnumerateObject().SelectMany(field => ValuesOf(field.Value).Select(each => (escape(field.Name), escape(each))));
            case JsonElement { ValueKind: JsonValueKind.Array } when Whole is null && Explode:
                return ValuesOf(value).Select(each => (escape(Name), escape(each)));
            default:
                var items = ItemsOf(value, escape).ToList();
                return items.Count == 0 ? [] : [(escape(Name), Join(items, escape))];
        }
    }

    /// <summary>The names that the fields of an object have in the query; none where they are part of one value.</summary>
    public IEnumerable<string> FieldNamesOf(object? value) =>
        value is not JsonElement { ValueKind: JsonValueKind.Object } fields || Whole is not null ? []
        : Style == ParameterStyle.DeepObject ? DeepFieldsOf(Name, fields).Select(field => field.Name)
        : Explode ? fields.EnumerateObject().Select(field => field.Name)
        : [];

    /// <summary>The text in place of the parameter in the path; empty if there is none.</summary>
    public string PathOf(object? value)
    {
        var items = ItemsOf(value, Escape).ToList();
        if (items.Count == 0)
            return "";
        var isObject = value is JsonElement { ValueKind: JsonValueKind.Object };
        return Style switch
        {
            ParameterStyle.Label => $".{string.Join(Explode ? "." : ",", items)}",
            ParameterStyle.Matrix when Explode => string.Concat(items.Select(item => isObject ? $";{item}" : $";{Escape(Name)}={item}")),
            ParameterStyle.Matrix => $";{Escape(Name)}={string.Join(',', items)}",
            _ => Join(items, Escape),
        };
    }

    /// <summary>The value of a header; null if there is none.</summary>
    public string? HeaderOf(object? value) => ItemsOf(value, static text => text).ToList() is { Count: > 0 } items ? Join(items, static text => text) : null;

    /// <summary>The parts of the header `Cookie`, such as `name=value`. A field of an object is never a cookie of its own: it could replace another.</summary>
    public IEnumerable<string> CookiesOf(object? value) =>
        value is JsonElement { ValueKind: JsonValueKind.Object } ? (this with { Explode = false }).QueryOf(value) : QueryOf(value);

    // The specification has no rule for what is nested, nor for arrays: this is how most servers read them. A list of objects is numbered.
    private static IEnumerable<(string Name, string Value)> DeepFieldsOf(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(field => DeepValuesOf($"{name}[{field.Name}]", field.Value)),
        _ => DeepValuesOf(value.EnumerateArray().Any(IsNested) ? name : $"{name}[]", value),
    };

    private static IEnumerable<(string Name, string Value)> DeepValuesOf(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => DeepFieldsOf(name, value),
        JsonValueKind.Array when value.EnumerateArray().Any(IsNested) => value.EnumerateArray().SelectMany((item, index) => DeepValuesOf($"{name}[{index}]", item)),
        _ => ValuesOf(value).Select(each => (name, each)),
    };

    private static bool IsNested(JsonElement item) => item.ValueKind is JsonValueKind.Object or JsonValueKind.Array;

    private string Join(IEnumerable<string> items, Func<string, string> escape) => string.Join(Delimiter == ',' ? "," : escape($"{Delimiter}"), items);

    private IEnumerable<string> ItemsOf(object? value, Func<string, string> escape) => value switch
    {
        JsonElement { ValueKind: not JsonValueKind.Null } json when Whole is not null => [escape(Whole == ApiBodyType.Json ? json.GetRawText() : TextOf(json))],
        JsonElement { ValueKind: JsonValueKind.Object } fields => fields.EnumerateObject().SelectMany(field => Explode
            ? (string[])[$"{escape(field.Name)}={escape(TextOf(field.Value))}"]
            : [escape(field.Name), escape(TextOf(field.Value))]),
        _ => ValuesOf(value).Select(escape),
    };

    private static string Escape(string text) => Uri.EscapeDataString(text);

    private static string TextOf(object? value) => value switch
    {
        JsonElement { ValueKind: JsonValueKind.String } text => text.GetString()!,
        JsonElement json => json.GetRawText(),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
