using System.Globalization;
using System.Text;
using System.Text.Json;

namespace FuncChat.Tools.OpenApi;

/// <summary>One operation of an API, and how its arguments become a request.</summary>
/// <param name="Path">The template below the base address, such as `/orders/{id}`.</param>
/// <param name="PathParameters">The names in the template.</param>
/// <param name="HasBody">Whether the argument `body` is sent as JSON.</param>
internal sealed record ApiOperation(HttpMethod Method, string Path, IReadOnlyList<string> PathParameters, IReadOnlyList<string> QueryParameters, bool HasBody)
{
    public const string Body = "body";

    /// <summary>The request; the caller disposes it.</summary>
    /// <exception cref="ToolException">An argument can't be part of a path.</exception>
    public HttpRequestMessage ToRequest(Uri baseUrl, IReadOnlyDictionary<string, object?> arguments)
    {
        var path = Path;
        foreach (var name in PathParameters)
        {
            // The check of the arguments asks for it; a segment of dots would lead to another path.
            var value = arguments.TryGetValue(name, out var given) ? TextOf(given) : "";
            if (value.Length == 0 || value.All(letter => letter == '.'))
                throw new ToolException($"The argument '{name}' is not valid in a path.");
            path = path.Replace($"{{{name}}}", Uri.EscapeDataString(value), StringComparison.Ordinal);
        }

        var query = new StringBuilder(baseUrl.Query.TrimStart('?'));
        foreach (var name in QueryParameters)
        {
            foreach (var value in ValuesOf(arguments.GetValueOrDefault(name)))
                query.Append(query.Length > 0 ? "&" : "").Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
        }

        var url = new UriBuilder(baseUrl) { Path = $"{baseUrl.AbsolutePath.TrimEnd('/')}/{path.TrimStart('/')}", Query = query.ToString() };
        var request = new HttpRequestMessage(Method, url.Uri);
        if (HasBody && arguments.TryGetValue(Body, out var body) && body is not null)
            request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        return request;
    }

    private static IEnumerable<string> ValuesOf(object? value) => value switch
    {
        null or JsonElement { ValueKind: JsonValueKind.Null } => [],
        JsonElement { ValueKind: JsonValueKind.Array } array => array.EnumerateArray().Select(item => TextOf(item)),
        _ => [TextOf(value)],
    };

    private static string TextOf(object? value) => value switch
    {
        JsonElement { ValueKind: JsonValueKind.String } text => text.GetString()!,
        JsonElement json => json.GetRawText(),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
