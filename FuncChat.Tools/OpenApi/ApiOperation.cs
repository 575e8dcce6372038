using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.OpenApi;

namespace FuncChat.Tools.OpenApi;

/// <summary>One operation of an API, and how its arguments become a request.</summary>
/// <param name="Path">The template below the base address, such as `/orders/{id}`.</param>
/// <param name="Parameters">The parameters, each with the place where it is sent.</param>
/// <param name="BodyType">How the argument `body` is sent.</param>
internal sealed record ApiOperation(HttpMethod Method, string Path, IReadOnlyList<(string Name, ParameterLocation In)> Parameters, ApiBodyType BodyType)
{
    /// <summary>The fields of a form that are files.</summary>
    public IReadOnlyCollection<string> Files { get; init; } = [];

    public const string Body = "body";

    /// <summary>The request; the caller disposes it.</summary>
    /// <exception cref="ToolException">An argument can't be part of a path or of a header, or names no file of the user.</exception>
    public async Task<HttpRequestMessage> ToRequestAsync(Uri baseUrl, IReadOnlyDictionary<string, object?> arguments, IToolRun? run, CancellationToken cancellationToken)
    {
        var path = Path;
        foreach (var name in NamesIn(ParameterLocation.Path))
        {
            // A segment of dots would lead to another path.
            var value = arguments.TryGetValue(name, out var given) ? TextOf(given) : "";
            if (value.Length == 0 || value.All(letter => letter == '.'))
                throw new ToolException($"The argument '{name}' is not valid in a path.");
            path = path.Replace($"{{{name}}}", Uri.EscapeDataString(value), StringComparison.Ordinal);
        }

        var query = new StringBuilder(baseUrl.Query.TrimStart('?'));
        foreach (var name in NamesIn(ParameterLocation.Query))
        {
            foreach (var value in ValuesOf(arguments.GetValueOrDefault(name)))
                query.Append(query.Length > 0 ? "&" : "").Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
        }

        var url = new UriBuilder(baseUrl) { Path = $"{baseUrl.AbsolutePath.TrimEnd('/')}/{path.TrimStart('/')}", Query = query.ToString() };
        var request = new HttpRequestMessage(Method, url.Uri);
        foreach (var name in NamesIn(ParameterLocation.Header))
        {
            if (ValuesOf(arguments.GetValueOrDefault(name)).ToList() is { Count: > 0 } values)
                request.Headers.TryAddWithoutValidation(name, HeaderValue(name, string.Join(",", values)));
        }

        var cookies = NamesIn(ParameterLocation.Cookie)
            .SelectMany(name => ValuesOf(arguments.GetValueOrDefault(name)).Select(value => $"{Uri.EscapeDataString(name)}={Uri.EscapeDataString(value)}")).ToList();
        if (cookies.Count > 0)
            request.Headers.TryAddWithoutValidation("Cookie", string.Join("; ", cookies));
        if (arguments.TryGetValue(Body, out var body) && body is not null)
            request.Content = await ContentOfAsync(body, run, cancellationToken);
        return request;
    }

    private IEnumerable<string> NamesIn(ParameterLocation location) => Parameters.Where(parameter => parameter.In == location).Select(parameter => parameter.Name);

    private async Task<HttpContent?> ContentOfAsync(object body, IToolRun? run, CancellationToken cancellationToken) => BodyType switch
    {
        ApiBodyType.Json => new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"),
        ApiBodyType.Form when body is JsonElement { ValueKind: JsonValueKind.Object } fields => new FormUrlEncodedContent(
            fields.EnumerateObject().SelectMany(field => ValuesOf(field.Value).Select(value => KeyValuePair.Create(field.Name, value)))),
        ApiBodyType.Multipart when body is JsonElement { ValueKind: JsonValueKind.Object } fields => await ApiForm.CreateAsync(fields, Files, run, cancellationToken),
        _ => null,
    };

    // A line end would begin another header.
    private static string HeaderValue(string name, string value) =>
        value.All(letter => letter is >= ' ' and <= '~') ? value : throw new ToolException($"The argument '{name}' is not valid in a header: it must be printable ASCII.");

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

/// <summary>How an operation's body is sent.</summary>
internal enum ApiBodyType
{
    None,
    Json,
    Form,
    Multipart,
}
