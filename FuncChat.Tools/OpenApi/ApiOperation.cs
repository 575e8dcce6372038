using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.OpenApi;

namespace FuncChat.Tools.OpenApi;

/// <summary>One operation of an API, and how its arguments become a request.</summary>
/// <param name="Path">The template below the base address, such as `/orders/{id}`.</param>
/// <param name="Body">How the argument <see cref="BodyArgument"/> is sent; null if there is no body.</param>
internal sealed record ApiOperation(HttpMethod Method, string Path, IReadOnlyList<ApiParameter> Parameters, ApiBody? Body)
{
    /// <summary>The name of the argument that is the request's body.</summary>
    public string BodyArgument { get; init; } = "body";

    /// <summary>How the fields of a form are sent. Others are sent as they are.</summary>
    public IReadOnlyDictionary<string, ApiField> Fields { get; init; } = new Dictionary<string, ApiField>();

    /// <summary>The request; the caller disposes it.</summary>
    /// <exception cref="ToolException">An argument can't be part of a path, of a query or of a header, or names no file of the user.</exception>
    public async Task<HttpRequestMessage> ToRequestAsync(Uri baseUrl, IReadOnlyDictionary<string, object?> arguments, IToolRun? run, CancellationToken cancellationToken)
    {
        var path = Path;
        foreach (var parameter in In(ParameterLocation.Path))
        {
            // A segment of dots would lead to another path.
            var value = parameter.PathOf(arguments.GetValueOrDefault(parameter.Argument));
            if (value.All(letter => letter == '.'))
                throw new ToolException($"The argument '{parameter.Argument}' is not valid in a path.");
            path = path.Replace($"{{{parameter.Name}}}", value, StringComparison.Ordinal);
        }

        // Some documents tell the operations of a path apart by what follows it. In a value, these characters are escaped.
        path = path.Split('#')[0];
        var (own, query) = path.Split('?', 2) is [var start, var rest] ? (start, rest) : (path, "");
        var url = new UriBuilder(baseUrl) { Path = $"{baseUrl.AbsolutePath.TrimEnd('/')}/{own.TrimStart('/')}", Query = QueryOf(baseUrl, query, arguments) };
        if (!url.Uri.AbsolutePath.StartsWith($"{baseUrl.AbsolutePath.TrimEnd('/')}/", StringComparison.Ordinal))
            throw new ToolException("The path of the operation leads out of the address of the API.");
        var request = new HttpRequestMessage(Method, url.Uri);
        foreach (var parameter in In(ParameterLocation.Header))
        {
            if (parameter.HeaderOf(arguments.GetValueOrDefault(parameter.Argument)) is { } value)
                request.Headers.TryAddWithoutValidation(parameter.Name, HeaderValue(parameter.Argument, value));
        }

        var cookies = In(ParameterLocation.Cookie)
            .SelectMany(parameter => parameter.CookiesOf(arguments.GetValueOrDefault(parameter.Argument))).ToList();
        if (cookies.Count > 0)
            request.Headers.TryAddWithoutValidation("Cookie", string.Join("; ", cookies));
        if (Body is not null && arguments.TryGetValue(BodyArgument, out var body) && body is not null)
            request.Content = await ContentOfAsync(Body, body, run, cancellationToken);
        return request;
    }

    private string QueryOf(Uri baseUrl, string ofPath, IReadOnlyDictionary<string, object?> arguments)
    {
        var query = new StringBuilder(baseUrl.Query.TrimStart('?'));
        var set = ApiQuery.NamesIn(baseUrl);
        foreach (var part in ofPath.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!set.Any(name => ApiQuery.Overlap(ApiQuery.NameOf(part), name)))
                query.Append(query.Length > 0 ? "&" : "").Append(part);
        }

        set = [.. set, .. ofPath.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(ApiQuery.NameOf)];
        foreach (var parameter in In(ParameterLocation.Query))
        {
            var value = arguments.GetValueOrDefault(parameter.Argument);
            var taken = set.Concat(In(ParameterLocation.Query).Where(other => other != parameter).Select(other => other.Name)).ToList();

            // Many servers accept the last value of a name: a field must not replace what another parameter sets.
            if (parameter.FieldNamesOf(value).FirstOrDefault(name => taken.Exists(other => ApiQuery.Overlap(name, other))) is { } name)
                throw new ToolException($"The argument '{parameter.Argument}' can't have a field that the query names '{name}': another parameter sets it.");
            foreach (var part in parameter.QueryOf(value))
                query.Append(query.Length > 0 ? "&" : "").Append(part);
        }

        return query.ToString();
    }

    private IEnumerable<ApiParameter> In(ParameterLocation location) => Parameters.Where(parameter => parameter.In == location);

    private async Task<HttpContent?> ContentOfAsync(ApiBody described, object body, IToolRun? run, CancellationToken cancellationToken) => described.Type switch
    {
        ApiBodyType.Json => Typed(new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8), described),
        ApiBodyType.Text => Typed(new StringContent(body is JsonElement { ValueKind: JsonValueKind.String } text ? text.GetString()! : JsonSerializer.Serialize(body), Encoding.UTF8), described),
        ApiBodyType.File => Typed((await ApiFile.ReadAsync(BodyArgument, body is JsonElement file ? file : default, null, run, ApiForm.MaxBytes, cancellationToken)).Content, described),
        ApiBodyType.Form when body is JsonElement { ValueKind: JsonValueKind.Object } fields => new StringContent(
            string.Join('&', fields.EnumerateObject().SelectMany(field => FieldOf(field.Name).PartsOf(field.Value, Escape)).Select(part => $"{part.Name}={part.Text}")),
            new MediaTypeHeaderValue("application/x-www-form-urlencoded")),
        ApiBodyType.Multipart when body is JsonElement { ValueKind: JsonValueKind.Object } fields => await ApiForm.CreateAsync(fields, FieldOf, run, cancellationToken),
        _ => null,
    };

    private ApiField FieldOf(string name) => Fields.GetValueOrDefault(name, ApiField.Of(name));

    // In a form, a space is a plus sign.
    private static string Escape(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);

    private static HttpContent Typed(HttpContent content, ApiBody body)
    {
        if (MediaTypeHeaderValue.TryParse(body.MediaType, out var type))
        {
            // Types such as application/vnd.api+json allow no parameter.
            if (body.Type != ApiBodyType.File)
                type.CharSet = body.Type == ApiBodyType.Text || string.Equals(type.MediaType, "application/json", StringComparison.OrdinalIgnoreCase) ? Encoding.UTF8.WebName : null;
            content.Headers.ContentType = type;
        }

        return content;
    }

    // A line end would begin another header.
    private static string HeaderValue(string name, string value) =>
        value.All(letter => letter is '\t' or (>= ' ' and <= '~')) ? value : throw new ToolException($"The argument '{name}' is not valid in a header: it must be printable ASCII.");
}
