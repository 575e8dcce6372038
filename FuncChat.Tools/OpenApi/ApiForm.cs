using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace FuncChat.Tools.OpenApi;

/// <summary>A body of the type `multipart/form-data`.</summary>
internal static class ApiForm
{
    /// <summary>The most bytes of all files and fields of a call.</summary>
    public const int MaxBytes = 20 * 1024 * 1024;

    /// <summary>The body; the caller disposes it with its request.</summary>
    /// <exception cref="ToolException">A field is not valid, or the body is too large.</exception>
    public static async Task<HttpContent> CreateAsync(JsonElement values, Func<string, ApiField> fieldOf, IToolRun? run, CancellationToken cancellationToken)
    {
        var form = new MultipartContent("form-data") { HeaderEncodingSelector = static (_, _) => Encoding.UTF8 };

        // The framework's quotes around it are correct, and some servers read them as a part of it.
        var boundary = form.Headers.ContentType!.Parameters.Single();
        boundary.Value = boundary.Value!.Trim('"');
        try
        {
            long room = MaxBytes;
            foreach (var (field, value) in values.EnumerateObject().Select(value => (fieldOf(value.Name), value.Value)))
            {
                var files = field.IsFile ? FilesOf(value) : [];
                foreach (var file in files)
                {
                    var (content, name, length) = await ApiFile.ReadAsync(field.Parameter.Name, file, field.MediaType, run, room, cancellationToken);
                    room -= length;
                    Add(form, content, $"name={Quoted(field.Parameter.Name)}; filename={Quoted(name)}");
                }

                var texts = field.IsFile ? [] : field.PartsOf(value, static text => text);
                foreach (var (name, text, mediaType) in texts)
                {
                    room -= Encoding.UTF8.GetByteCount(text);
                    if (room < 0)
                        throw new ToolException($"The fields of the call are larger than the {MaxBytes} bytes that are sent.");
                    var part = new StringContent(text, Encoding.UTF8);
                    part.Headers.ContentType = MediaTypeHeaderValue.TryParse(mediaType, out var type) ? type : null;
                    Add(form, part, $"name={Quoted(name)}");
                }
            }

            return form;
        }
        catch
        {
            form.Dispose();
            throw;
        }
    }

    // RFC 7578, section 4.2: the name of a file is raw, and in `filename` alone. The framework's own header adds `filename*`, which some servers refuse.
    private static void Add(MultipartContent form, HttpContent part, string names)
    {
        part.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; {names}");
        form.Add(part);
    }

    private static IEnumerable<JsonElement> FilesOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => [],
        JsonValueKind.Array => value.EnumerateArray().Where(item => item.ValueKind != JsonValueKind.Null),
        _ => [value],
    };

    // As browsers write a name (https://html.spec.whatwg.org/#multipart-form-data): a quote or a line end would begin another parameter or header.
    private static string Quoted(string name) =>
        $"\"{name.Replace("\"", "%22", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal)}\"";
}
