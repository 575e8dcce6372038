using FuncChat.Web.Files;
using FuncChat.Web.Http;
using FuncChat.Web.Routes;

namespace FuncChat.Web.OpenApi;

/// <summary>The descriptions of the routes of files.</summary>
internal static class FileOperations
{
    private static readonly WebJson Responses = WebJson.Relaxed;

    public static IReadOnlyDictionary<ApiRoute, ApiOperation> All { get; } = new Dictionary<ApiRoute, ApiOperation>
    {
        [ApiRoutes.CreateFile] = new(
            "createFile", ApiTags.Files, "Stores a file that messages can refer to",
            new ApiResponse(201, "The file.", ApiContent.Json(Responses.FileDescription)))
        {
            Description = "Images, PDFs, documents of Word, Excel and PowerPoint, and text such as CSV and JSON; the type is determined by the content. Messages refer to the file by its id: "
                + "`{\"type\":\"file\",\"file\":{\"file_id\":\"file_…\"}}`. Instead of a form, the body may be the file alone, with its name in `name`.",
            Body = new ApiContent("multipart/form-data") { Components = ["FileUpload"] },
            Parameters = [ApiParameters.FileName, ApiParameters.ThreadOfFile],
            Errors = [413, 415],
        },
        [ApiRoutes.ListFiles] = new(
            "listFiles", ApiTags.Files, "Lists your files, the newest first",
            new ApiResponse(200, "The files.", ApiContent.Json(Responses.FileList)))
        {
            Parameters = [ApiParameters.ThreadOfFile, ApiParameters.FileLimit(FilesApi.MaxListed)],
            Errors = [400],
        },
        [ApiRoutes.ReadFile] = new(
            "readFile", ApiTags.Files, "Returns a file without its content",
            new ApiResponse(200, "The file.", ApiContent.Json(Responses.FileDescription))),
        [ApiRoutes.ReadFileContent] = new(
            "readFileContent", ApiTags.Files, "Downloads a file",
            new ApiResponse(200, "The content, as an attachment.", new ApiContent("application/octet-stream") { Components = ["FileContent"] })),
        [ApiRoutes.DeleteFile] = new("deleteFile", ApiTags.Files, "Deletes a file", new ApiResponse(204, "The file is deleted.")),
    };
}
