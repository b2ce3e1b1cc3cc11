#include "video/reader.h"

#include "video/frame_source.h"

namespace rppg::video {

Reader::Reader(const VideoSource& source, const ReaderOptions& options)
    : source_(source.images.empty() ? open_video_file(source.file, options)
                                    : open_image_sequence(source, options)) {}

Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

const StreamInfo& Reader::info() const { return source_->info(); }
bool Reader::next() { return source_->next(); }
const Frame& Reader::frame() const { return source_->frame(); }
const ReadSummary& Reader::summary() const { return source_->summary(); }

}  // namespace rppg::video
