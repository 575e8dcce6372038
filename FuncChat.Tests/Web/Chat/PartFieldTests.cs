using System.Text.Json;
using FuncChat.Web.Chat;

namespace FuncChat.Tests.Web.Chat;

/// <summary>Fields that a part's type does not have reach the provider, so they hold no content, which is checked in parts only.</summary>
public sealed class PartFieldTests
{
    [Theory]
    [InlineData("""{"image_url":{"url":"https://example.com/a.png"}}""", ".other.image_url")]
    [InlineData("""{"image_url":"https://example.com/a.png"}""", ".other.image_url")]
    [InlineData("""{"imageUrl":{"url":"https://example.com/a.png"}}""", ".other.imageUrl")]
    [InlineData("""{"deep":{"deeper":[1,{"IMAGE-URL":{"url":"https://example.com/a.png"}}]}}""", ".other.deep.deeper[1]['IMAGE-URL']")]
    [InlineData("""{"image_urls":["https://example.com/a.png"]}""", ".other.image_urls")]
    [InlineData("""{"video_url":{"url":"https://example.com/a.mp4"}}""", ".other.video_url")]
    [InlineData("""{"input_audio":{"data":"AA==","format":"wav"}}""", ".other.input_audio")]
    [InlineData("""{"file":{"file_id":"file-of-the-operator"}}""", ".other.file")]
    [InlineData("""{"file":{"file_data":"data:text/plain,Obey"}}""", ".other.file")]
    [InlineData("""{"file":{"url":"https://example.com/a.pdf"}}""", ".other.file")]
    [InlineData("""{"file_id":"file-of-the-operator"}""", ".other.file_id")]
    [InlineData("""{"fileId":"file-of-the-operator"}""", ".other.fileId")]
    [InlineData("""{"file_data":"data:text/plain,Obey"}""", ".other.file_data")]
    [InlineData("""{"fileData":{"mimeType":"text/plain","fileUri":"https://example.com/a"}}""", ".other.fileData")]
    [InlineData("""{"inline_data":{"mime_type":"image/png","data":"AA=="}}""", ".other.inline_data")]
    [InlineData("""{"inlineData":{"mimeType":"image/png","data":"AA=="}}""", ".other.inlineData")]
    [InlineData("""{"image":{"url":"https://example.com/a.png"}}""", ".other.image")]
    [InlineData("""{"image":{"bytes":"AA=="}}""", ".other.image")]
    [InlineData("""{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}""", ".other")]
    [InlineData("""{"type":"input_image","file_id":"file-of-the-operator"}""", ".other")]
    [InlineData("""{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AA=="}}""", ".other")]
    [InlineData("""{"type":"document","source":{"type":"text","media_type":"text/plain","data":"Obey"}}""", ".other")]
    [InlineData("""{"type":"document","source":{"type":"url","url":"https://example.com/a.pdf"}}""", ".other")]
    [InlineData("""{"source":{"type":"base64","media_type":"image/png","data":"AA=="}}""", ".other.source")]
    [InlineData("""{"source":{"type":"file","file_id":"file-of-the-operator"}}""", ".other.source")]
    [InlineData("""{"source":{"type":"content","content":[{"type":"text","text":"Obey"}]}}""", ".other.source")]
    [InlineData("""{"type":"container_upload","file_id":"file-of-the-operator"}""", ".other")]
    [InlineData("""{"content":[{"type":"text","text":"x"},{"type":"file","file":{"file_id":"file-of-the-operator"}}]}""", ".other.content[0]")]
    [InlineData("""[{"type":"input_file","file_url":"https://example.com/a.pdf"}]""", ".other[0]")]
    [InlineData("""[[[{"Type":"INPUT_FILE","filename":"a","file_data":"data:text/plain,Obey"}]]]""", ".other[0][0][0]")]
    [InlineData("""{"type":"refusal","refusal":"No."}""", ".other")]
    [InlineData("""{"parts":[{"inline_data":{"mime_type":"image/png","data":"AA=="}}]}""", ".other.parts[0].inline_data")]
    [InlineData("""{"a":{"b":["http://169.254.169.254/"]}}""", ".other.a.b[0]")]
    public void Content_within_an_unknown_field_is_refused_with_its_path(string value, string path)
    {
        Assert.Equal($"$.content[0]{path}", ErrorOf($$"""{"type":"text","text":"x","other":{{value}}}"""));
        Assert.Equal($"$.content[0].image_url{path}", ErrorOf($$$"""{"type":"image_url","image_url":{"url":"https://example.com/a.png","other":{{{value}}}}}"""));
    }

    [Theory]
    [InlineData("""{"type":"text","text":"x","metadata":{"file":{"file_id":"file-of-the-operator"}}}""", ".metadata.file")]
    [InlineData("""{"type":"text","text":"x","metadata":{"image_url":{"url":"https://example.com/a.png"}}}""", ".metadata.image_url")]
    [InlineData("""{"type":"text","text":"x","metadata":{"parts":[{"type":"file","file":{"file_id":"file-1"}}]}}""", ".metadata.parts[0]")]
    [InlineData("""{"type":"text","text":"x","imageUrl":"https://example.com/a.png"}""", ".imageUrl")]
    [InlineData("""{"type":"text","text":"x","fileData":{"fileUri":"https://example.com/a.png"}}""", ".fileData")]
    [InlineData("""{"type":"file","file":{"filename":{"url":"http://169.254.169.254/"},"file_data":"data:text/plain,x"}}""", ".file.filename")]
    [InlineData("""{"type":"file","file":{"filename":["a"],"file_data":"data:text/plain,x"}}""", ".file.filename")]
    public void Content_in_another_place_is_refused_with_its_path(string part, string path) => Assert.Equal($"$.content[0]{path}", ErrorOf(part));

    [Theory]
    [InlineData("\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"5m\"}")]
    [InlineData("\"metadata\":{\"source\":\"https://example.com/a\",\"path\":\"/a/b\",\"url\":\"https://example.com\",\"text\":\"a\"}")]
    [InlineData("\"metadata\":{\"type\":\"file\",\"file_id\":\"1\",\"image_url\":\"https://example.com/a.png\"}")]
    [InlineData("\"metadata\":null,\"image_url\":null,\"file\":\"\"")]
    [InlineData("\"extras\":{\"signature\":\"ab//cd==\",\"index\":1,\"ok\":true}")]
    [InlineData("\"annotations\":[{\"type\":\"url_citation\",\"url_citation\":{\"url\":\"https://example.com\",\"title\":\"a\",\"start_index\":0}}]")]
    [InlineData("\"annotations\":{\"audience\":[\"user\"],\"priority\":0.5}")]
    [InlineData("\"citations\":{\"enabled\":true}")]
    [InlineData("\"citations\":[{\"source\":{\"url\":\"https://example.com\",\"title\":\"a\"}},{\"type\":\"url\",\"url\":\"https://example.com\"}]")]
    [InlineData("\"context\":{\"file\":{\"path\":\"src/a.ts\",\"name\":\"a.ts\",\"lines\":[1,2]}}")]
    [InlineData("\"context\":[{\"type\":\"file\",\"path\":\"src/a.ts\",\"source\":\"editor\"}]")]
    [InlineData("\"format\":{\"type\":\"text\"}")]
    [InlineData("\"supports\":{\"image_url\":true,\"file_data\":false,\"image_urls\":[],\"file\":{}}")]
    [InlineData("\"providerOptions\":{\"anthropic\":{\"cacheControl\":{\"type\":\"ephemeral\"}}}")]
    [InlineData("\"_meta\":{\"progressToken\":1,\"data\":{\"text\":\"a\"},\"path\":\"a/b\"}")]
    [InlineData("\"logprobs\":[],\"id\":\"part_1\",\"index\":0")]
    [InlineData("\"annotations\":[{\"type\":\"file_citation\",\"file_id\":\"file-1\",\"index\":0}]")]
    [InlineData("\"citations\":[{\"type\":\"search_result\",\"url\":\"https://example.com\",\"title\":\"a\"}]")]
    [InlineData("\"metadata\":{\"chunks\":[{\"type\":\"text\",\"text\":\"a\"}]}")]
    [InlineData("\"schema\":{\"type\":\"object\",\"properties\":{\"image_url\":{\"type\":\"string\"},\"file\":{\"type\":\"object\",\"properties\":{\"file_id\":{\"type\":\"string\"}}}}}")]
    [InlineData("\"note\":\"C:/Users/me/a.txt\",\"key\":\"s3://bucket/key\",\"title\":\"Guide: /docs\",\"summary\":\"See https://example.com/a\"")]
    public void Harmless_field_is_accepted(string fields) => Assert.Null(ErrorOf($$"""{"type":"text","text":"x",{{fields}}}"""));

    [Theory]
    [InlineData("annotations", "[{\"url\":\"http://169.254.169.254/\"}]", "[0].url")]
    [InlineData("metadata", "{\"chunks\":[{\"type\":\"image\",\"image\":\"AA==\"}]}", ".chunks[0]")]
    [InlineData("other", "{\"image_url\":{\"type\":\"string\",\"url\":\"https://example.com/a.png\"}}", ".image_url")]
    [InlineData("other", "\"\\n ht\\ttp://10.0.0.1/\"", "")]
    [InlineData("other", "\"file:///etc/passwd\"", "")]
    public void Content_that_looks_harmless_is_refused(string name, string value, string path) =>
        Assert.Equal($"$.content[0].{name}{path}", ErrorOf($$"""{"type":"text","text":"x","{{name}}":{{value}}}"""));

    [Fact]
    public void Path_of_a_value_takes_no_memory_unless_it_is_wrong()
    {
        const int Depth = 50;
        const int Items = 10_000;
        var name = new string('a', 60);
        var value = string.Concat(Enumerable.Repeat($"{{\"{name}\":", Depth)) + $"[{string.Join(',', Enumerable.Repeat("1", Items))}]" + new string('}', Depth);
        var message = JsonElement.Parse($$"""{"role":"user","content":[{"type":"text","text":"x","other":{{value}}}]}""");
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Null(MessageCheck.FindError(message, "$"));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Items * Depth);
    }

    private static string? ErrorOf(string part) => MessageCheck.FindError(JsonElement.Parse($$"""{"role":"user","content":[{{part}}]}"""), "$")?.Path;
}
