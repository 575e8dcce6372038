using System.Globalization;
using System.Text.Json;
using Microsoft.OpenApi;

namespace FuncChat.Tools.OpenApi;

/// <summary>A parameter of an operation, and how its values are written (https://spec.openapis.org/oas/v3.1.1#style-values).</summary>
/// <param name="Argument">The name that the model sees: the parameter's own, unless another argument has it.</param>
/// <param name="Explode">Whether each value of an array or object is written as a parameter of its own.</param>
internal sealed record ApiParameter(string Argument, string Name, ParameterLocation In, ParameterStyle Style, bool Explode)
{
    /// <summary>Whether values are written as JSON.</summary>
    public bool IsJson { get; init; }

    private string Separator => Style switch
    {
        ParameterStyle.SpaceDelimited => "%20",
        ParameterStyle.PipeDelimited => "%7C",
        _ => ",",
    };

    /// <summary>The values of an argument as texts: several for an array; none for null.</summary>
    public static IEnumerable<string> ValuesOf(object? value) => value switch
    {
        null or JsonElement { ValueKind: JsonValueKind.Null } => [],
        JsonElement { ValueKind: JsonValueKind.Array } array => array.EnumerateArray().Select(item => TextOf(item)),
        _ => [TextOf(value)],
    };

    /// <summary>The parts of a query, such as `name=value`.</summary>
    public IEnumerable<string> QueryOf(object? value)
    {
        var name = Escape(Name);
        switch (value)
        {
            case JsonElement { ValueKind: JsonValueKind.Object } fields when !IsJson && Style == ParameterStyle.DeepObject:
                return fields.EnumerateObject().SelectMany(field => ValuesOf(field.Value).Select(each => $"{name}%5B{Escape(field.Name)}%5D={Escape(each)}"));
            case JsonElement { ValueKind: JsonValueKind.Object } fields when !IsJson && Explode:
                return fields.EnumerateObject().SelectMany(field => ValuesOf(field.Value).Select(each => $"{Escape(field.Name)}={Escape(each)}"));
            case JsonElement { ValueKind: JsonValueKind.Array } when !IsJson && (Explode || Style == ParameterStyle.DeepObject):
                return ValuesOf(value).Select(each => $"{name}={Escape(each)}");
            default:
                var items = ItemsOf(value, Escape).ToList();
                return items.Count == 0 ? [] : [$"{name}={string.Join(Separator, items)}"];
        }
    }

    /// <summary>The names that the fields of an object have in the query; none where they are part of one value.</summary>
    public IEnumerable<string> FieldNamesOf(object? value) =>
        value is not JsonElement { ValueKind: JsonValueKind.Object } fields || IsJson ? []
        : Style == ParameterStyle.DeepObject ? fields.EnumerateObject().Select(field => $"{Name}[{field.Name}]")
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
            _ => string.Join(',', items),
        };
    }

    /// <summary>The value of a header; null if there is none.</summary>
    public string? HeaderOf(object? value) => ItemsOf(value, static text => text).ToList() is { Count: > 0 } items ? string.Join(',', items) : null;

    private IEnumerable<string> ItemsOf(object? value, Func<string, string> escape) => value is JsonElement { ValueKind: JsonValueKind.Object } fields && !IsJson
        ? fields.EnumerateObject().SelectMany(field => Explode
            ? (string[])[$"{escape(field.Name)}={escape(TextOf(field.Value))}"]
            : [escape(field.Name), escape(TextOf(field.Value))])
        : IsJson && value is JsonElement { ValueKind: not JsonValueKind.Null } json ? [escape(json.GetRawText())]
        : ValuesOf(value).Select(escape);

    private static string Escape(string text) => Uri.EscapeDataString(text);

    private static string TextOf(object? value) => value switch
    {
        JsonElement { ValueKind: JsonValueKind.String } text => text.GetString()!,
        JsonElement json => json.GetRawText(),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
